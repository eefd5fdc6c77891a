import path from 'node:path';
import * as z from 'zod';
import type {
  ContainerProgram,
  EcrApi,
  ProvisionedResource,
  ResourceDeclaration,
  RuntimeContext,
} from '../emulated-service.ts';
import { UnsupportedResource } from '../emulated-service.ts';
import { parseProperties } from '../resource-properties.ts';

/** Repositories hold no images here; what is said of images is checked and otherwise means nothing. */
const repositoryProperties = z.strictObject({
  RepositoryName: z
    .string()
    .min(2)
    .max(256)
    .regex(/^(?:[a-z0-9]+(?:[._-][a-z0-9]+)*\/)*[a-z0-9]+(?:[._-][a-z0-9]+)*$/),
  ImageTagMutability: z.enum(['IMMUTABLE', 'MUTABLE']).optional(),
  ImageScanningConfiguration: z.strictObject({ ScanOnPush: z.boolean() }).optional(),
  LifecyclePolicy: z.strictObject({ LifecyclePolicyText: z.string() }).optional(),
  EmptyOnDelete: z.boolean().optional(),
  Tags: z.array(z.unknown()).optional(),
});

/**
 * Where the template tells which programs stand for a repository's images: assets of the cloud assembly by their object keys, the
 * programs' code, and layers with native packages at `nodejs/node_modules`.
 */
const programKey = 'millrace:program';
const programMetadata = z.strictObject({ code: z.string(), layers: z.array(z.string()) });

/** The repositories that the template declares, and the programs that stand for their images. */
export class Repositories implements EcrApi {
  readonly #context: RuntimeContext;
  /** By repository name; undefined for a repository without a program. */
  readonly #programs = new Map<string, ContainerProgram | undefined>();

  constructor(context: RuntimeContext) {
    this.#context = context;
  }

  provision(resource: ResourceDeclaration): ProvisionedResource {
    const { RepositoryName: name } = parseProperties(resource, repositoryProperties);
    this.#programs.set(name, this.#readProgram(resource));
    return {
      ref: name,
      attributes: { Arn: this.arn(name), RepositoryUri: this.#uri(name) },
    };
  }

  remove({ previous }: ResourceDeclaration): void {
    if (previous !== undefined) this.#programs.delete(previous.ref);
  }

  has(name: string): boolean {
    return this.#programs.has(name);
  }

  arn(name: string): string {
    return `arn:aws:ecr:${this.#context.region}:${this.#context.accountId}:repository/${name}`;
  }

  program(imageUri: string): ContainerProgram | undefined {
    const [, uri = ''] = /^([^@:]+)(?::[\w][\w.-]{0,127}|@sha256:[0-9a-f]{64})$/.exec(imageUri) ?? [];
    const name = uri.slice(uri.indexOf('/') + 1);
    return uri === this.#uri(name) ? this.#programs.get(name) : undefined;
  }

  programImages(): readonly string[] {
    return [...this.#programs].flatMap(([name, program]) => (program === undefined ? [] : [this.#uri(name)]));
  }

  #uri(name: string): string {
    return `${this.#context.accountId}.dkr.ecr.${this.#context.region}.amazonaws.com/${name}`;
  }

  #readProgram(resource: ResourceDeclaration): ContainerProgram | undefined {
    const declared = resource.metadata?.[programKey];
    if (declared === undefined) return undefined;
    const parsed = programMetadata.safeParse(declared);
    if (!parsed.success)
      throw new UnsupportedResource(
        resource.type,
        `the metadata ${programKey} of ${resource.logicalId} (${z.prettifyError(parsed.error)})`,
        'Give it the object keys of assets: { code, layers }.',
      );
    const folder = path.resolve(this.#context.assetPath(parsed.data.code));
    return {
      folder,
      modulePaths: parsed.data.layers.map((key) =>
        path.join(path.resolve(this.#context.assetPath(key)), 'nodejs', 'node_modules'),
      ),
    };
  }
}
