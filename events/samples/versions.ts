import { sha256Hex } from '#shared/kernel/hash.ts';
import {
  DatasetDiffRequested,
  DatasetErasureCompleted,
  DatasetErasureRequested,
  DatasetTagMoved,
  DatasetVersionExpired,
} from '../datasets.ts';
import { fact, project, stored } from './fact.ts';

const person = { type: 'user', id: 'ada' } as const;
const erasureId = '01M7YQ5W3J0Q8R4T6V8XZ1B3D5';
const [before, after] = [sha256Hex('manifest of version 1'), sha256Hex('manifest of version 1, erased')];

const tagMoved = fact(
  DatasetTagMoved,
  { eventId: '01M7YPZ1K4M6P8R0T2V4X6Z8B0', seconds: 3600, by: person },
  { project, tag: 'golden', datasetVersion: 2, from: 1 },
);

const diffRequested = fact(
  DatasetDiffRequested,
  { eventId: '01M7YPZJ5N7Q9S1V3X5Z7B9D1F', seconds: 3610, by: person },
  { project, from: 1, to: 2 },
);

const versionExpired = fact(
  DatasetVersionExpired,
  { eventId: '01M7YQ0A6P8R0T2V4X6Z8B0D2F', seconds: 86_400 },
  { project, datasetVersion: 1, contentSha256: before, removedObjects: 1, removedBytes: 65_954 },
);

const erasureRequested = fact(
  DatasetErasureRequested,
  { eventId: erasureId, seconds: 90_000, by: person },
  {
    project,
    erasureId,
    reason: 'Asked for by the patient, article 17 of the GDPR.',
    keys: 1,
    keyDigests: [sha256Hex(`${erasureId}\nS-0042`)],
  },
);

const erasureCompleted = fact(
  DatasetErasureCompleted,
  { eventId: `${erasureId}-completed-1`, seconds: 90_004, after: erasureRequested },
  {
    project,
    erasureId,
    rowsErased: 1,
    versions: [
      {
        datasetVersion: 2,
        rowsErased: 1,
        contentSha256Before: before,
        contentSha256: after,
        manifest: stored('data', `datasets/${project}/manifests/${after}.json`, 1741),
      },
    ],
    certificate: stored('data', `datasets/${project}/erasures/${erasureId}/certificate.json`, 912),
    keys: stored('data', `datasets/${project}/erasures/${erasureId}/keys.json`, 201),
  },
);

/** What people do with versions of a dataset, and what retention does. */
export const versionSamples = [tagMoved, diffRequested, versionExpired, erasureRequested, erasureCompleted];
