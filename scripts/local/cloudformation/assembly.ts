import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { readStateFile } from '../durable/state-file.ts';

const manifest = z.object({
  artifacts: z.record(
    z.string(),
    z.object({
      type: z.string(),
      dependencies: z.array(z.string()).default([]),
      properties: z
        .object({ templateFile: z.string().optional(), stackName: z.string().optional() })
        .loose()
        .optional(),
    }),
  ),
});

const templateResource = z.object({
  Type: z.string(),
  Properties: z.record(z.string(), z.unknown()).default({}),
  Metadata: z.record(z.string(), z.unknown()).optional(),
  DependsOn: z.union([z.string(), z.array(z.string())]).optional(),
  Condition: z.string().optional(),
  DeletionPolicy: z.string().optional(),
});

const template = z.object({
  Parameters: z
    .record(z.string(), z.object({ Type: z.string(), Default: z.unknown().optional() }))
    .default({}),
  Mappings: z.record(z.string(), z.record(z.string(), z.record(z.string(), z.unknown()))).default({}),
  Conditions: z.record(z.string(), z.unknown()).default({}),
  Resources: z.record(z.string(), templateResource).default({}),
  Outputs: z
    .record(
      z.string(),
      z.object({
        Value: z.unknown(),
        Export: z.object({ Name: z.unknown() }).optional(),
        Condition: z.string().optional(),
      }),
    )
    .default({}),
});

const assets = z.object({
  files: z.record(
    z.string(),
    z.object({
      source: z.object({ path: z.string() }).loose(),
      destinations: z.record(z.string(), z.object({ objectKey: z.string() }).loose()),
    }),
  ),
});

/** A template as CDK synthesizes it; intrinsic functions are still in place. */
export type Template = z.infer<typeof template>;
export type TemplateResource = z.infer<typeof templateResource>;

/** One stack of the cloud assembly. */
export interface Stack {
  readonly name: string;
  readonly template: Template;
}

/** What `cdk synth` wrote. */
export interface Assembly {
  /** Stacks in an order in which each comes after those it depends on. */
  readonly stacks: readonly Stack[];
  /** Absolute paths of file assets (files or folders) by object key. */
  readonly assetPaths: ReadonlyMap<string, string>;
}

/** Reads a cloud assembly. Throws, naming the file and the cure, when it is missing or not one. */
export function readAssembly(assemblyDir: string): Assembly {
  const manifestFile = path.join(assemblyDir, 'manifest.json');
  if (!existsSync(manifestFile)) {
    throw new Error(`${manifestFile} does not exist. Synthesize the app first (npm run synth).`);
  }
  const { artifacts } = parseFile(manifest, manifestFile);
  const stacks: Stack[] = [];
  for (const id of inDependencyOrder(artifacts)) {
    const artifact = artifacts[id];
    const templateFile = artifact?.properties?.templateFile;
    if (artifact?.type !== 'aws:cloudformation:stack' || templateFile === undefined) continue;
    stacks.push({
      name: artifact.properties?.stackName ?? id,
      template: parseFile(template, path.join(assemblyDir, templateFile)),
    });
  }
  return { stacks, assetPaths: readAssetPaths(assemblyDir) };
}

function inDependencyOrder(
  artifacts: Readonly<Record<string, { readonly dependencies: readonly string[] }>>,
): string[] {
  const order: string[] = [];
  const visited = new Set<string>();
  const visit = (id: string): void => {
    if (visited.has(id)) return;
    visited.add(id);
    for (const dependency of artifacts[id]?.dependencies ?? []) visit(dependency);
    order.push(id);
  };
  for (const id of Object.keys(artifacts)) visit(id);
  return order;
}

/** Absolute paths of an assembly's file assets by object key, whether they exist or not. */
export function readAssetPaths(assemblyDir: string): ReadonlyMap<string, string> {
  const paths = new Map<string, string>();
  for (const file of readdirSync(assemblyDir)) {
    if (!file.endsWith('.assets.json')) continue;
    for (const asset of Object.values(parseFile(assets, path.join(assemblyDir, file)).files)) {
      for (const destination of Object.values(asset.destinations)) {
        paths.set(destination.objectKey, path.resolve(assemblyDir, asset.source.path));
      }
    }
  }
  return paths;
}

function parseFile<Schema extends z.ZodType>(schema: Schema, file: string): z.infer<Schema> {
  const content = readStateFile(
    file,
    `Delete the folder ${path.dirname(file)}: the next start makes it anew.`,
  );
  const parsed = schema.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new Error(`${file} is not what the laptop runtime reads: ${z.prettifyError(parsed.error)}`);
}
