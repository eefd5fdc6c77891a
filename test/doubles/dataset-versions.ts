import { DatasetVersionCreated } from '#events/datasets.ts';
import type { DatasetManifest, ManifestObject } from '#services/datasets/contract.ts';
import type { DatasetDiff, ObjectRewriter, Version } from '#services/datasets/ports/versions.ts';
import type { Upload, VersionBasis } from '#services/datasets/ports.ts';
import { createDatasetStore } from '#services/datasets/store/dataset-store.ts';
import { createDiffStore } from '#services/datasets/store/diff-store.ts';
import { createErasureStore } from '#services/datasets/store/erasure-store.ts';
import { createRemovalStore } from '#services/datasets/store/removal-store.ts';
import { createVersionStore } from '#services/datasets/store/version-store.ts';
import type { ProjectRevision } from '#services/projects/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import type { ObjectVersionRef, ObjectVersions } from '#shared/contracts/object-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';

/** A row of a dataset in memory: its key and whatever else it says. */
export type Row = readonly [key: string, value: string];

export const project = 'wine';

/** Versions of one project with their objects in a memory that keeps S3 versions, the services' own stores over a table in memory. */
export function createVersionWorld(data: Partial<ProjectRevision['definition']['data']> = {}) {
  const table = createMemoryTable();
  const bucket = memoryBucket();
  const clock = manualClock('2026-01-01T00:00:00Z');
  const ids = sequentialIds('id');
  const store = createVersionStore(table);
  const datasets = createDatasetStore(table, clock);
  const removalStore = createRemovalStore(table);
  const manifests = {
    read: async (stored: StoredObject) => bucket.read(stored) as DatasetManifest,
    write: async (manifest: DatasetManifest) =>
      bucket.put(`s3://data/manifests/${sha256Hex(canonicalJson(manifest))}.json`, manifest),
  };
  const uploads: Upload[] = [];
  const putRows = (rows: readonly Row[]): StoredObject =>
    bucket.put(`s3://data/objects/${sha256Hex(canonicalJson(rows))}`, rows);
  const rewriter: ObjectRewriter = {
    async withoutRows(_project, object, { primaryKeys }) {
      const rows = bucket.read(object) as Row[];
      const left = rows.filter(([key]) => !primaryKeys.includes(key));
      const rowsErased = rows.length - left.length;
      if (rowsErased === 0 || left.length === 0) return { rowsErased };
      return { rowsErased, after: { ...object, ...putRows(left), rows: left.length } };
    },
  };
  const revision = {
    project,
    revision: 1,
    definition: { name: project, data: { primaryKey: 'id', columns: {}, missingValues: [], ...data } },
  } as unknown as ProjectRevision;

  return {
    table,
    bucket,
    clock,
    ids,
    store,
    manifests,
    uploadsSeen: uploads,
    removals: removalStore,
    diffs: createDiffStore(table),
    erasures: createErasureStore(table),
    objects: bucket.objects,
    documents: {
      write: async (of: string, path: string, document: unknown) =>
        bucket.put(`s3://data/${of}/${path}`, document),
      read: async (stored: StoredObject) => bucket.read(stored),
    },
    projects: { find: async (name: string) => (name === project ? revision : undefined) },
    nonce: () => 'nonce',
    engine: { compare: async (): Promise<DatasetDiff> => emptyDiff },
    rewriter,
    uploads: {
      bucket: 'uploads',
      hashes: async (key: string) =>
        bucket.has(`s3://uploads/${key}`)
          ? [{ key, sha256: sha256Hex(canonicalJson(bucket.read({ uri: `s3://uploads/${key}` }))) }]
          : [],
    },
    async *uploadsOf() {
      yield* uploads;
    },
    /** Uploads rows that become the next version: added to the newest, or instead of it. */
    async upload(
      rows: readonly Row[],
      mode: 'append' | 'replace' = 'append',
      planned?: VersionBasis,
    ): Promise<Version> {
      clock.advanceSeconds(1);
      const newest = await store.newest(project);
      const datasetVersion = (newest?.datasetVersion ?? 0) + 1;
      const key = `incoming/${project}/${datasetVersion}.csv`;
      bucket.put(`s3://uploads/${key}`, rows);
      const before = newest && mode === 'append' ? bucket.read(newest.manifest) : undefined;
      const object: ManifestObject = {
        ...putRows(rows),
        rows: rows.length,
        availableAt: clock.now().toISOString(),
        reading: { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' },
        path: `${datasetVersion}.csv`,
      };
      const columns = [
        { name: 'id', type: 'string' as const },
        { name: 'x', type: 'string' as const },
      ];
      const objects = [...((before as DatasetManifest | undefined)?.objects ?? []), object];
      const manifest = await manifests.write({ schemaVersion: 2, project, columns, objects });
      const version: Version = {
        project,
        datasetVersion,
        contentSha256: manifest.sha256,
        manifest,
        rows: objects.reduce((sum, each) => sum + each.rows, 0),
        bytes: 0,
        columns,
        ...(newest ? { parentVersion: newest.datasetVersion } : {}),
        createdAt: clock.now().toISOString(),
        sourceKey: key,
        projectRevision: 1,
      };
      const { removals } = await removalStore.state(project);
      await commit(datasets, { version, key, basis: planned ?? { newest, removals } });
      return version;
    },
    /** All rows of a version, as reading its objects would give them. */
    async rowsOf(version: Version): Promise<Row[]> {
      const { objects } = bucket.read(version.manifest) as DatasetManifest;
      return objects.flatMap((object) => bucket.read(object) as Row[]);
    },
  };
}

export type VersionWorld = ReturnType<typeof createVersionWorld>;

export const emptyDiff: DatasetDiff = {
  from: 1,
  to: 2,
  comparedBy: 'primaryKey',
  primaryKey: 'id',
  rowsAdded: 0,
  rowsRemoved: 0,
  rowsChanged: 0,
  rowsUnchanged: 0,
  columnsAdded: [],
  columnsRemoved: [],
  columnsRetyped: [],
  changedValues: {},
  examples: [],
};

async function commit(
  datasets: ReturnType<typeof createDatasetStore>,
  { version, key, basis }: { version: Version; key: string; basis: VersionBasis },
): Promise<void> {
  const { createdAt, sourceKey: _sourceKey, ...data } = version;
  const metadata = startingJourney({
    eventId: `upload-${version.datasetVersion}`,
    occurredAt: new Date(createdAt),
    project,
    actor: { type: 'user', id: 'ada' },
  });
  await datasets.commitVersion(
    version,
    {
      uploadId: metadata.eventId,
      project,
      upload: { key, receivedAt: createdAt, status: 'created', datasetVersion: version.datasetVersion },
      keyBefore: { key },
      keyAfter: { key },
    },
    DatasetVersionCreated.create(metadata, { ...data, source: { bucket: 'uploads', key } }),
    basis,
  );
}

/** Objects that keep all their S3 versions; a put of the same content is one more. */
function memoryBucket() {
  const versions = new Map<string, { versionId: string; sha256: string; content: unknown }[]>();
  let puts = 0;
  const objects: ObjectVersions = {
    list: async (uris) =>
      [...new Set(uris)].flatMap((uri) =>
        (versions.get(uri) ?? []).map(({ versionId }): ObjectVersionRef => {
          const [, bucket, key] = /^s3:\/\/([^/]+)\/(.*)$/.exec(uri)!;
          return { bucket: bucket!, key: key!, versionId };
        }),
      ),
    async remove(refs) {
      for (const { bucket, key, versionId } of refs) {
        const uri = `s3://${bucket}/${key}`;
        const left = (versions.get(uri) ?? []).filter((version) => version.versionId !== versionId);
        if (left.length > 0) versions.set(uri, left);
        else versions.delete(uri);
      }
    },
  };
  return {
    objects,
    put(uri: string, content: unknown): StoredObject {
      const text = canonicalJson(content);
      const hash = sha256Hex(text);
      versions.set(uri, [
        ...(versions.get(uri) ?? []),
        { versionId: `v${++puts}`, sha256: hash, content: JSON.parse(text) },
      ]);
      return { uri, sha256: hash, bytes: text.length };
    },
    /** Throws ContentChanged for what was overwritten, as the real one does. */
    read({ uri, sha256 }: { readonly uri: string; readonly sha256?: string }): unknown {
      const newest = versions.get(uri)?.at(-1);
      if (!newest) throw new Error(`There is no ${uri}.`);
      if (sha256 !== undefined && newest.sha256 !== sha256)
        throw new AppError('precondition_failed', 'ContentChanged', `${uri} was replaced.`);
      return newest.content;
    },
    has: (uri: string) => versions.has(uri),
    uris: () => [...versions.keys()],
    /** Everything that is stored anywhere, old S3 versions too, by address. */
    contents: () => [...versions].map(([uri, all]) => [uri, JSON.stringify(all)] as const),
  };
}

/** Thrown in place of the call that a function was killed at. */
export class Killed extends Error {}

/** The same ports, of which the call number `at` (counting from 1, over all of them) kills. */
export const killedAt = <Ports extends object>(
  ports: Ports,
  at: number,
): { ports: Ports; calls: () => number } =>
  interruptedAt(ports, at, () => {
    throw new Killed();
  });

/** The same ports, of which the call number `at` (counting from 1, over all of them) goes ahead only after something else was done. */
export function interruptedAt<Ports extends object>(
  ports: Ports,
  at: number,
  meanwhile: () => Promise<void>,
): { ports: Ports; calls: () => number } {
  let calls = 0;
  const watched = (port: object): object =>
    new Proxy(port, {
      get(target, name) {
        const member = Reflect.get(target, name) as unknown;
        if (typeof member !== 'function') return member;
        const call = (...args: unknown[]) => (member as (...given: unknown[]) => unknown).apply(target, args);
        return (...args: unknown[]) => {
          if (++calls !== at) return call(...args);
          const done = meanwhile();
          return name === 'each'
            ? eachAfter(done, () => call(...args) as AsyncIterable<unknown>)
            : done.then(() => call(...args));
        };
      },
    });
  const names = ['store', 'manifests', 'removals', 'diffs', 'erasures', 'objects', 'documents', 'rewriter'];
  const entries = Object.entries(ports).map(([name, port]) => [
    name,
    names.includes(name) ? watched(port as object) : port,
  ]);
  return { ports: Object.fromEntries(entries) as Ports, calls: () => calls };
}

async function* eachAfter(done: Promise<void>, items: () => AsyncIterable<unknown>) {
  await done;
  yield* items();
}
