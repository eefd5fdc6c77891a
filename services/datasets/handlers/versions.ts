import { randomUUID } from 'node:crypto';
import { documentClient } from '#shared/aws/clients.ts';
import { downloadAddress } from '#shared/aws/download-address.ts';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import type { Upload } from '../ports.ts';
import { createDatasetStore } from '../store/dataset-store.ts';
import { createDiffStore } from '../store/diff-store.ts';
import { createErasureStore } from '../store/erasure-store.ts';
import { createManifests } from '../store/manifests.ts';
import { askProjects } from '../store/projects.ts';
import { createRemovalStore } from '../store/removal-store.ts';
import { createDocuments } from '../store/version-documents.ts';
import { createVersionStore } from '../store/version-store.ts';

/** What the functions that work on versions have in common. */
export function openVersions(env: { TABLE_NAME: string; DATA_BUCKET: string; MILLRACE_STAGE: string }) {
  const table = createTable(documentClient(), env.TABLE_NAME);
  const datasets = createDatasetStore(table, systemClock);
  return {
    store: createVersionStore(table),
    removals: createRemovalStore(table),
    diffs: createDiffStore(table),
    erasures: createErasureStore(table),
    objects: objectVersions,
    documents: createDocuments(env.DATA_BUCKET),
    manifests: createManifests(env.DATA_BUCKET),
    projects: askProjects(env.MILLRACE_STAGE),
    clock: systemClock,
    ids: ulidGenerator,
    nonce: randomUUID,
    address: downloadAddress,
    async *uploadsOf(project: string): AsyncGenerator<Upload> {
      let pageToken: string | undefined;
      do {
        const page = await datasets.uploads(project, pageToken);
        yield* page.items;
        pageToken = page.nextPageToken;
      } while (pageToken !== undefined);
    },
  };
}
