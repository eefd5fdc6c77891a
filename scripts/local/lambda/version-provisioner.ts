import * as z from 'zod';
import type { ProvisionedResource, ResourceDeclaration } from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';
import type { Aliases } from './aliases.ts';
import type { FunctionCatalogue } from './catalogue.ts';
import type { FunctionConfig } from './function-config.ts';
import type { Publications } from './publications.ts';
import type { VersionNumbers } from './version-numbers.ts';

const versionProperties = z.strictObject({
  FunctionName: z.string(),
  Description: z.string().optional(),
  CodeSha256: z.string().optional(),
});
const aliasProperties = z.strictObject({
  FunctionName: z.string(),
  FunctionVersion: z.string(),
  Name: z.string().regex(/^(?!\d+$)[A-Za-z0-9_-]{1,128}$/, 'must be no number'),
  Description: z.string().default(''),
  RoutingConfig: z
    .strictObject({
      AdditionalVersionWeights: z
        .array(z.strictObject({ FunctionVersion: z.string(), FunctionWeight: z.number() }))
        .default([]),
    })
    .optional(),
});

/** What publishing is made of. */
export interface VersionParts {
  readonly catalogue: FunctionCatalogue;
  readonly publications: Publications;
  readonly aliases: Aliases;
  readonly numbers: VersionNumbers;
}

/**
 * Publishes a function as it is now, under the next number. The same resource again is the same version, whatever the function
 * has become; only where its code lies on this machine is looked up anew.
 */
export async function provisionVersion(
  { catalogue, publications, numbers }: VersionParts,
  resource: ResourceDeclaration,
): Promise<ProvisionedResource> {
  const read = parseProperties(resource, versionProperties);
  const latest = catalogue.primaryConfig(read.FunctionName);
  const series = seriesOf(latest.name);
  const version = String(await numbers.take(series, `${resource.stackName}/${resource.logicalId}`));
  const published = publications.version(latest.name, version) ?? { ...latest, version };
  publications.putVersion(published.codeKey === latest.codeKey ? atPathsOf(latest, published) : published);
  const arn = catalogue.arnOf(latest.name, version);
  return { ref: arn, attributes: { FunctionArn: arn, Version: version } };
}

export function provisionAlias(
  { catalogue, aliases }: VersionParts,
  resource: ResourceDeclaration,
): ProvisionedResource {
  const read = parseProperties(resource, aliasProperties);
  const { name: functionName } = catalogue.primaryConfig(read.FunctionName);
  const weights = read.RoutingConfig?.AdditionalVersionWeights ?? [];
  aliases.declare(functionName, read.Name, {
    functionVersion: read.FunctionVersion,
    description: read.Description,
    additionalVersionWeights: Object.fromEntries(
      weights.map(({ FunctionVersion, FunctionWeight }) => [FunctionVersion, FunctionWeight]),
    ),
  });
  const arn = catalogue.arnOf(functionName, read.Name);
  return { ref: arn, attributes: { AliasArn: arn } };
}

/** Removes the version or alias of an ARN. A version's number is never given again. */
export async function removeQualified(
  { publications, numbers }: VersionParts,
  arn: string,
): Promise<{ functionName: string; qualifier: string }> {
  const [functionName = '', qualifier = ''] = arn.split(':').slice(6);
  if (publications.version(functionName, qualifier) === undefined) {
    publications.removeAlias(functionName, qualifier);
  } else {
    publications.removeVersion(functionName, qualifier);
    await numbers.giveUp(seriesOf(functionName), Number(qualifier));
  }
  return { functionName, qualifier };
}

const seriesOf = (functionName: string): string => `function:${functionName}`;

const atPathsOf = ({ codePath, layerPaths }: FunctionConfig, published: FunctionConfig): FunctionConfig => ({
  ...published,
  codePath,
  layerPaths,
});
