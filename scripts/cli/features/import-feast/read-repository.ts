import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import * as z from 'zod';
import { CliFailure, exitCodes } from '../../failure.ts';
import { readLocalFile } from '../../rows.ts';
import { readRegistry } from './registry-messages.ts';
import type { FeastRegistry } from './registry-objects.ts';

const registrySetting = z.union([
  z.string(),
  z.object({ registry_type: z.string().default('file'), path: z.string().optional() }),
]);
const featureStore = z.object({ project: z.string(), registry: registrySetting.optional() });

/** What a Feast repository declares, and the name of its project there. */
export interface FeastRepository {
  readonly project: string;
  readonly registry: FeastRegistry;
}

/** Reads the registry file of a Feast repository, the objects of its own project. Throws CliFailure with the cure. */
export function readRepository(folder: string): FeastRepository {
  const settings = path.join(folder, 'feature_store.yaml');
  const found = featureStore.safeParse(parse(readLocalFile(settings).toString('utf8')));
  if (!found.success)
    throw new CliFailure(exitCodes.usage, `'${settings}' is no feature_store.yaml: it names no project.`);
  const { project, registry = 'data/registry.db' } = found.data;
  const file = path.resolve(folder, registryFile(registry, settings));
  const { entities, views, onDemandViews, services } = parseRegistry(file);
  const own = (object: { readonly project: string }) => object.project === project || object.project === '';
  return {
    project,
    registry: {
      entities: entities.filter(own),
      views: views.filter(own),
      onDemandViews: onDemandViews.filter(own),
      services: services.filter(own),
    },
  };
}

function registryFile(registry: z.output<typeof registrySetting>, settings: string): string {
  const file = typeof registry === 'string' ? registry : registry.path;
  const isFile = typeof registry === 'string' || registry.registry_type === 'file';
  if (isFile && file !== undefined && !/^[a-z][a-z0-9+]+:\/\//.test(file)) return file;
  throw new CliFailure(
    exitCodes.usage,
    `The registry of '${settings}' is ${JSON.stringify(file ?? registry)}, and a local file is read. Set registry to a path, run 'feast apply', and import again.`,
  );
}

function parseRegistry(file: string): FeastRegistry {
  let bytes: Uint8Array;
  try {
    bytes = readFileSync(file);
  } catch {
    throw new CliFailure(
      exitCodes.usage,
      `There is no registry file '${file}'. Run 'feast apply' in the repository first.`,
    );
  }
  try {
    return readRegistry(bytes);
  } catch (cause) {
    throw new CliFailure(
      exitCodes.usage,
      `'${file}' is no registry file of Feast: ${(cause as Error).message}. Run 'feast apply' again.`,
    );
  }
}
