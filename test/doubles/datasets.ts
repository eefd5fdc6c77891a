import { dirname } from 'node:path';
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
  UploadFiles,
  UploadSource,
} from '#services/datasets/ports.ts';
import type { ProjectDefinition, ProjectRevision } from '#services/projects/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { canonicalJson, digestOf, sha256Hex } from '#shared/kernel/hash.ts';

/** The ports of the datasets service in memory, for a project at revision 3. The inspection takes any first line for a header; `unreadable` is not readable. */
export function inMemoryDatasets(definition: ProjectDefinition) {
  const uploaded = new Map<string, string>();
  const manifests = new Map<string, DatasetManifest>();
  const events: DomainEvent[] = [];
  const idOf = ({ key, sequencer }: UploadSource) => `${key} ${sequencer}`;
  const files: UploadFiles = {
    sizeBytes: async (source) => uploaded.get(idOf(source))?.length,
    withLocalFile: async (source, run) => {
      const content = uploaded.get(idOf(source))!;
      return run({ path: `/uploads/${content}`, sha256: sha256Hex(content), bytes: content.length });
    },
    inspect: async ({ path }) => {
      const content = path.slice(`${dirname('/uploads/x')}/`.length);
      if (content === 'unreadable')
        return { readable: false, rejection: { code: 'UnreadableUpload', message: 'It cannot be read.' } };
      const [header, ...rows] = content.split('\n');
      return {
        readable: true,
        rows: rows.length,
        columns: header!.split(',').map((name) => ({ name, type: 'string' as const })),
      };
    },
    keep: async ({ sha256, bytes }, project, format) => ({
      uri: `s3://data/datasets/${project}/objects/${sha256}.${format}`,
      sha256,
      bytes,
    }),
  };
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
    files,
    manifests: manifestStore,
    projects,
    addresses,
    store: inMemoryDatasetStore(events),
    events,
    put: (source: UploadSource, content: string) => void uploaded.set(idOf(source), content),
    manifest: ({ uri }: StoredObject) => manifests.get(uri)!,
  };
}

function inMemoryDatasetStore(events: DomainEvent[]): DatasetStore {
  const versions: DatasetVersion[] = [];
  const uploads: (Upload & { project: string })[] = [];
  const keys = new Map<string, KeyRecord>();
  const newest = (project: string) => versions.filter((version) => version.project === project).at(-1);
  const handle = ({ project, upload, keyBefore, sequencer }: HandledUpload) => {
    if (keys.get(upload.key)?.sequencer !== keyBefore.sequencer)
      throw new AppError('conflict', 'UploadRaced', upload.key);
    keys.set(upload.key, { ...keyBefore, ...(sequencer ? { sequencer } : {}) });
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
    key: async (key) => keys.get(key) ?? { key },
    rememberRequester: async (key, requestedBy) => void keys.set(key, { key, requestedBy }),
    commitVersion: async (version, handled, event) => {
      if (newest(version.project)?.datasetVersion !== version.parentVersion)
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
