import type { DatasetManifest } from '#services/datasets/contract.ts';
import type {
  DatasetStore,
  DatasetVersion,
  HandledUpload,
  KeyRecord,
  Manifests,
  Projects,
  Upload,
  UploadAddresses,
} from '#services/datasets/ports.ts';
import type { ProjectDefinition, ProjectRevision } from '#services/projects/contract.ts';
import { AlreadyConsumed } from '#shared/aws/table.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { canonicalJson, digestOf } from '#shared/kernel/hash.ts';
import { inMemoryUploadsBucket } from './uploads-bucket.ts';

/** The ports of the datasets service in memory, for a project at revision 3; uploaded files are really read. */
export function inMemoryDatasets(definition: ProjectDefinition) {
  const manifests = new Map<string, DatasetManifest>();
  const events: DomainEvent[] = [];
  const manifestStore: Manifests = {
    read: async ({ uri }) => manifests.get(uri)!,
    write: async (manifest) => {
      const sha256 = digestOf(manifest);
      const uri = `s3://data/manifests/${sha256}`;
      manifests.set(uri, manifest);
      return { uri, sha256, bytes: canonicalJson(manifest).length };
    },
  };
  const revision: ProjectRevision = {
    project: definition.name,
    revision: 3,
    definition,
    definitionSha256: digestOf(definition),
    appliedAt: '2026-01-01T00:00:00.000Z',
    appliedBy: 'ada',
  };
  const projects: Projects = {
    find: async (project) => (project === definition.name ? revision : undefined),
  };
  const addresses: UploadAddresses = {
    sign: async ({ key, bytes }) => ({
      url: `https://uploads/${key}`,
      headers: { 'content-length': String(bytes) },
      bucket: 'uploads',
    }),
  };
  return {
    ...inMemoryUploadsBucket(),
    manifests: manifestStore,
    projects,
    addresses,
    store: inMemoryDatasetStore(events),
    events,
    manifest: ({ uri }: StoredObject) => manifests.get(uri)!,
  };
}

function inMemoryDatasetStore(events: DomainEvent[]): DatasetStore {
  const versions: DatasetVersion[] = [];
  const uploads: (Upload & { project: string })[] = [];
  const keys = new Map<string, KeyRecord>();
  const newest = (project: string) => versions.filter((version) => version.project === project).at(-1);
  const handled = new Set<string>();
  const claims = new Map<string, string>();
  const handle = ({ uploadId, project, upload, keyBefore, keyAfter }: HandledUpload) => {
    if (handled.has(uploadId)) throw new AlreadyConsumed('datasets', uploadId);
    const now = keys.get(upload.key);
    if (now?.sequencer !== keyBefore.sequencer || now?.versionId !== keyBefore.versionId)
      throw new AppError('conflict', 'UploadRaced', upload.key);
    handled.add(uploadId);
    keys.set(upload.key, keyAfter);
    uploads.push({ ...upload, project });
  };
  return {
    newest: async (project) => newest(project),
    version: async (project, number) =>
      versions.find((version) => version.project === project && version.datasetVersion === number),
    versions: async (project) => ({
      items: versions.filter((version) => version.project === project).reverse(),
    }),
    uploads: async (project) => ({ items: uploads.filter((upload) => upload.project === project).reverse() }),
    claim: async (uploadId, claimant) => {
      const holder = claims.get(uploadId) ?? claimant;
      claims.set(uploadId, holder);
      return holder === claimant;
    },
    isHandled: async (uploadId) => handled.has(uploadId),
    key: async (key) => keys.get(key) ?? { key },
    rememberRequester: async (record) => void keys.set(record.key, record),
    commitVersion: async (version, handled, event, basis) => {
      if (newest(version.project)?.contentSha256 !== basis.newest?.contentSha256)
        throw new AppError('conflict', 'VersionTaken', String(version.datasetVersion));
      handle(handled);
      versions.push(version);
      events.push(event);
    },
    commitUpload: async (handled, event) => {
      handle(handled);
      if (event) events.push(event);
    },
  };
}
