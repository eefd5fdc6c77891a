import path from 'node:path';
import * as z from 'zod';
import type { ProvisionedResource, ResourceDeclaration, RuntimeContext } from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';
import { defaultEventInvokeConfig, type EventInvokeConfig } from './async-invocations.ts';
import type { FunctionCatalogue } from './catalogue.ts';
import { readMapping } from './event-source-mapping.ts';
import { readFunction } from './function-config.ts';
import type { Mappings } from './mappings.ts';
import { type FunctionPermission, permissionProperties } from './permissions.ts';
import {
  provisionAlias,
  provisionVersion,
  removeQualified,
  type VersionParts,
} from './version-provisioner.ts';

export const resourceTypes = [
  'AWS::Lambda::Function',
  'AWS::Lambda::LayerVersion',
  'AWS::Lambda::Permission',
  'AWS::Lambda::EventSourceMapping',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Lambda::Version',
  'AWS::Lambda::Alias',
] as const;

const layerProperties = z.strictObject({
  LayerName: z.string().optional(),
  Content: z.strictObject({ S3Bucket: z.string(), S3Key: z.string() }),
  CompatibleRuntimes: z.array(z.string()).optional(),
  CompatibleArchitectures: z.array(z.string()).optional(),
  Description: z.string().optional(),
  LicenseInfo: z.string().optional(),
});
const queueDestination = z.strictObject({
  Destination: z.string().startsWith('arn:aws:sqs:', 'must be an SQS queue'),
});
const eventInvokeProperties = z.strictObject({
  FunctionName: z.string(),
  Qualifier: z.literal('$LATEST', 'only $LATEST is imitated'),
  MaximumRetryAttempts: z.number().int().min(0).max(2).default(defaultEventInvokeConfig.maximumRetryAttempts),
  MaximumEventAgeInSeconds: z
    .number()
    .int()
    .min(60)
    .max(21_600)
    .default(defaultEventInvokeConfig.maximumEventAgeSeconds),
  DestinationConfig: z.strictObject({ OnFailure: queueDestination }).optional(),
});

/** Turns the Lambda resources of the templates into functions, permissions and mappings. */
export class Provisioner {
  readonly #context: RuntimeContext;
  readonly #catalogue: FunctionCatalogue;
  readonly #mappings: Mappings;
  readonly #onChanged: (functionName: string, version: string) => void;
  readonly #layerPaths = new Map<string, string>();
  readonly #permissions = new Map<string, FunctionPermission>();
  readonly #eventInvokeConfigs = new Map<string, EventInvokeConfig>();
  readonly #versions: VersionParts;

  /** `onChanged` is called with the function and version whose code or configuration is another one now, or gone. */
  constructor(
    context: RuntimeContext,
    versions: VersionParts,
    mappings: Mappings,
    onChanged: (functionName: string, version: string) => void,
  ) {
    this.#context = context;
    this.#catalogue = versions.catalogue;
    this.#versions = versions;
    this.#mappings = mappings;
    this.#onChanged = onChanged;
  }

  permissions(): Iterable<FunctionPermission> {
    return this.#permissions.values();
  }

  eventInvokeConfig(functionName: string): EventInvokeConfig {
    return this.#eventInvokeConfigs.get(functionName) ?? defaultEventInvokeConfig;
  }

  async provision(resource: ResourceDeclaration): Promise<ProvisionedResource> {
    switch (resource.type as (typeof resourceTypes)[number]) {
      case 'AWS::Lambda::Function':
        return this.#provisionFunction(resource);
      case 'AWS::Lambda::LayerVersion':
        return this.#provisionLayer(resource);
      case 'AWS::Lambda::Permission':
        return this.#provisionPermission(resource);
      case 'AWS::Lambda::EventSourceMapping':
        return this.#provisionMapping(resource);
      case 'AWS::Lambda::EventInvokeConfig':
        return this.#provisionEventInvokeConfig(resource);
      case 'AWS::Lambda::Version':
        return provisionVersion(this.#versions, resource);
      case 'AWS::Lambda::Alias':
        return provisionAlias(this.#versions, resource);
    }
  }

  async deprovision(resource: ResourceDeclaration): Promise<void> {
    const ref = resource.previous?.ref ?? '';
    if (resource.type === 'AWS::Lambda::Function') {
      this.#catalogue.remove(ref);
      this.#onChanged(ref, '$LATEST');
    }
    if (resource.type === 'AWS::Lambda::Version' || resource.type === 'AWS::Lambda::Alias') {
      const { functionName, qualifier } = await removeQualified(this.#versions, ref);
      this.#onChanged(functionName, qualifier);
    }
    if (resource.type === 'AWS::Lambda::EventSourceMapping') this.#mappings.remove(ref);
    if (resource.type === 'AWS::Lambda::Permission') this.#permissions.delete(ref);
  }

  #provisionFunction(resource: ResourceDeclaration): ProvisionedResource {
    const config = readFunction(this.#context, resource, (arn) => this.#layerPath(resource, arn));
    this.#context.iam.assertAssumable(config.roleArn, 'lambda.amazonaws.com');
    this.#catalogue.put(config);
    this.#onChanged(config.name, config.version);
    return { ref: config.name, attributes: { Arn: config.arn } };
  }

  #layerPath(resource: ResourceDeclaration, layerArn: string): string {
    const folder = this.#layerPaths.get(layerArn);
    if (folder === undefined) {
      throw new Error(
        `${resource.logicalId} uses layer ${layerArn}, which no template declares. Declare it as AWS::Lambda::LayerVersion.`,
      );
    }
    return folder;
  }

  async #provisionLayer(resource: ResourceDeclaration): Promise<ProvisionedResource> {
    const read = parseProperties(resource, layerProperties);
    const { region, accountId } = this.#context;
    const name = read.LayerName ?? resource.logicalId;
    const number = await this.#versions.numbers.take(`layer:${name}`, read.Content.S3Key);
    const arn = `arn:aws:lambda:${region}:${accountId}:layer:${name}:${number}`;
    this.#layerPaths.set(arn, path.resolve(this.#context.assetPath(read.Content.S3Key)));
    return { ref: arn, attributes: { LayerVersionArn: arn } };
  }

  #provisionPermission(resource: ResourceDeclaration): ProvisionedResource {
    const read = parseProperties(resource, permissionProperties);
    const { functionName, qualifier } = this.#splitArn(read.FunctionName);
    const id = `${resource.stackName}-${resource.logicalId}`;
    this.#permissions.set(id, {
      functionName,
      service: read.Principal,
      ...(qualifier !== undefined && { qualifier }),
      ...(read.SourceArn !== undefined && { sourceArn: read.SourceArn }),
      ...(read.SourceAccount !== undefined && { sourceAccount: read.SourceAccount }),
    });
    return { ref: id, attributes: { Id: id } };
  }

  async #provisionMapping(resource: ResourceDeclaration): Promise<ProvisionedResource> {
    const config = readMapping(resource, (nameOrArn) => this.#catalogue.arnOf(nameOrArn));
    await this.#mappings.put(config);
    return {
      ref: config.uuid,
      attributes: {
        Id: config.uuid,
        EventSourceMappingArn: `arn:aws:lambda:${this.#context.region}:${this.#context.accountId}:event-source-mapping:${config.uuid}`,
      },
    };
  }

  #provisionEventInvokeConfig(resource: ResourceDeclaration): ProvisionedResource {
    const read = parseProperties(resource, eventInvokeProperties);
    const { functionName } = this.#splitArn(read.FunctionName);
    this.#eventInvokeConfigs.set(functionName, {
      maximumRetryAttempts: read.MaximumRetryAttempts,
      maximumEventAgeSeconds: read.MaximumEventAgeInSeconds,
      ...(read.DestinationConfig !== undefined && {
        onFailureArn: read.DestinationConfig.OnFailure.Destination,
      }),
    });
    return { ref: `${resource.stackName}-${resource.logicalId}`, attributes: {} };
  }

  #splitArn(nameOrArn: string): { functionName: string; qualifier?: string } {
    const parts = this.#catalogue.arnOf(nameOrArn).split(':');
    return { functionName: parts[6] ?? '', ...(parts[7] !== undefined && { qualifier: parts[7] }) };
  }
}
