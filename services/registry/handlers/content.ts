import { findArtifacts } from '#services/tracking/contract.ts';
import { ask } from '#shared/aws/ask.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { contentEnvironment } from '../env.ts';
import { createContentObjects } from '../store/content-objects.ts';
import { createContentStore } from '../store/content-store.ts';
import { quarantineMeter } from '../store/quarantine-meter.ts';
import { createRegistryStore } from '../store/registry-store.ts';
import type { RecordContentDeps } from '../use-cases/record-content.ts';

/** What the functions that look at the bytes of versions have in common. */
export function contentDeps(): RecordContentDeps {
  const { TABLE_NAME, MODELS_BUCKET, MILLRACE_STAGE } = readEnvironment(contentEnvironment);
  const table = createTable(documentClient(), TABLE_NAME);
  return {
    store: createRegistryStore(table),
    contents: createContentStore(table),
    objects: createContentObjects(MODELS_BUCKET),
    artifacts: { find: async (of, id) => (await ask(MILLRACE_STAGE, findArtifacts, { of, id })).found },
    meter: quarantineMeter,
    modelsBucket: MODELS_BUCKET,
    clock: systemClock,
    ids: ulidGenerator,
  };
}
