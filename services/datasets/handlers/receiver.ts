import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import type { receiverEnvironment } from '../env.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { createIncoming } from '../store/incoming.ts';
import { createManifests } from '../store/manifests.ts';
import { askProjects } from '../store/projects.ts';
import { createRemovalStore } from '../store/removal-store.ts';
import { createUploadFiles } from '../store/upload-files.ts';
import type { ReceiveUploadDeps } from '../use-cases/make-version.ts';

/** What the functions that make versions work with. */
export function receiverDeps(env: z.infer<typeof receiverEnvironment>): ReceiveUploadDeps {
  const table = createTable(documentClient(), env.TABLE_NAME);
  return {
    store: createDatasetStore(table, systemClock),
    files: createUploadFiles({
      dataBucket: env.DATA_BUCKET,
      functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
      removalsOf: createRemovalStore(table).state,
    }),
    incoming: createIncoming(env.UPLOADS_BUCKET),
    manifests: createManifests(env.DATA_BUCKET),
    projects: askProjects(env.MILLRACE_STAGE),
  };
}
