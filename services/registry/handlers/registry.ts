import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { environment } from '../env.ts';
import { createContentStore } from '../store/content-store.ts';
import { createModelStore } from '../store/model-store.ts';
import { createRegistryStore } from '../store/registry-store.ts';
import { createVersionStore } from '../store/version-store.ts';
import type { ReadDeps } from '../use-cases/read-versions.ts';
import type { RegistryDeps } from '../use-cases/register-model-version.ts';

/** What the functions of the registry have in common. */
export function registryDeps(): RegistryDeps {
  const { TABLE_NAME } = readEnvironment(environment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    store: createRegistryStore(table),
    models: createModelStore(table),
    versions: createVersionStore(table),
    clock: systemClock,
    ids: ulidGenerator,
  };
}

/** What the functions that answer about versions have in common. */
export function readingDeps(): RegistryDeps & ReadDeps {
  const { TABLE_NAME } = readEnvironment(environment);
  return { ...registryDeps(), contents: createContentStore(createTable(documentClient(), TABLE_NAME)) };
}
