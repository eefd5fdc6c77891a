import { DatasetVersionCreated } from '#events/datasets.ts';
import type { ProjectRevision } from '#services/projects/contract.ts';
import { type Column, columnsBeyondLimits } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { mergeColumns, planNextManifest } from '../domain/version-plan.ts';
import type { DatasetStore, DatasetVersion, Incoming, Manifests, Projects, UploadFiles } from '../ports.ts';
import {
  type ArrivedUpload,
  alreadyDecided,
  handledUpload,
  metadataOf,
  sourceOf,
  type UploadOutcome,
} from './arrived-upload.ts';
import type { ReadFile } from './read-file.ts';
import { recordRejection } from './record-rejection.ts';

export interface MakeVersionDeps {
  readonly store: DatasetStore;
  readonly manifests: Manifests;
}

/** What receiving uploads needs besides. */
export interface ReceiveUploadDeps extends MakeVersionDeps {
  readonly files: UploadFiles;
  readonly incoming: Incoming;
  readonly projects: Projects;
}

/** An upload whose files were all read and kept. */
export interface StoredUpload {
  readonly arrived: ArrivedUpload;
  readonly revision: ProjectRevision;
  readonly files: readonly ReadFile[];
}

/** A version taken by somebody faster is planned anew so often before S3’s event is left to be delivered again. */
const maxAttempts = 10;

/** Makes the next version of the project's dataset; writes that come at once get their numbers one after the other. */
export async function makeVersion(deps: MakeVersionDeps, upload: StoredUpload): Promise<UploadOutcome> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await tryMakeVersion(deps, upload);
    } catch (error) {
      const wasFaster = error instanceof AppError && ['VersionTaken', 'UploadRaced'].includes(error.code);
      if (!wasFaster || attempt === maxAttempts) throw error;
    }
  }
}

async function tryMakeVersion(
  { store, manifests }: MakeVersionDeps,
  { arrived, revision, files }: StoredUpload,
): Promise<UploadOutcome> {
  const { project, definition } = revision;
  const { source } = arrived;
  const keyBefore = await store.key(source.key);
  const past = alreadyDecided(keyBefore, arrived);
  if (past) return past;
  const newest = await store.newest(project);
  const manifest = planNextManifest(newest ? await manifests.read(newest.manifest) : undefined, {
    project,
    mode: definition.data.uploads,
    objects: files.map(({ object }) => ({ ...object, availableAt: arrived.receivedAt.toISOString() })),
    columns: files.reduce<Column[]>((merged, { columns }) => mergeColumns(merged, columns), []),
  });
  if (!manifest) {
    const status = { status: 'unchanged' as const, datasetVersion: newest!.datasetVersion };
    await store.commitUpload(handledUpload(arrived, project, keyBefore, status));
    return 'unchanged';
  }
  const beyond = columnsBeyondLimits(manifest.columns.map(({ name }) => name));
  if (beyond) {
    return recordRejection({ store }, arrived, project, [
      {
        code: 'UnreadableUpload',
        message: `With this upload the dataset would be too wide: ${beyond}, or set data.uploads of the project to replace.`,
      },
    ]);
  }
  const stored = await manifests.write(manifest);
  const version: DatasetVersion = {
    project,
    datasetVersion: (newest?.datasetVersion ?? 0) + 1,
    contentSha256: stored.sha256,
    manifest: stored,
    rows: manifest.objects.reduce((sum, { rows }) => sum + rows, 0),
    bytes: manifest.objects.reduce((sum, { bytes }) => sum + bytes, 0),
    columns: manifest.columns,
    ...(newest ? { parentVersion: newest.datasetVersion } : {}),
    createdAt: arrived.receivedAt.toISOString(),
    sourceKey: source.key,
    projectRevision: revision.revision,
  };
  const { createdAt: _createdAt, sourceKey: _sourceKey, ...data } = version;
  const status = { status: 'created' as const, datasetVersion: version.datasetVersion };
  await store.commitVersion(
    version,
    handledUpload(arrived, project, keyBefore, status),
    DatasetVersionCreated.create(metadataOf(arrived, project, keyBefore), {
      ...data,
      source: sourceOf(arrived),
    }),
    { newest, removals: Math.min(...files.map(({ removals }) => removals)) },
  );
  return 'created';
}
