import type * as z from 'zod';
import type { erasureCertificate } from '../contract.ts';
import type { ErasedVersion, ErasureRecord, UploadCopies } from '../ports/versions.ts';
import type { Upload } from '../ports.ts';
import type { FinishRemovalDeps } from './finish-removal.ts';
import type { SweepDeps } from './sweep-versions.ts';

export interface CertificateDeps extends FinishRemovalDeps, Pick<SweepDeps, 'store' | 'erasures'> {
  readonly uploads: UploadCopies;
  readonly uploadsOf: (project: string) => AsyncIterable<Upload>;
}

type Certificate = z.infer<typeof erasureCertificate>;

/** The proof of what was rewritten and deleted, and what of the rows people must still decide on. */
export async function certificateOf(
  deps: CertificateDeps,
  done: {
    readonly project: string;
    readonly erasure: ErasureRecord;
    readonly versions: readonly ErasedVersion[];
    readonly uploadsDeleted: readonly string[];
    readonly completedAt: string;
  },
): Promise<Certificate> {
  const { project, erasure, versions } = done;
  const objects = await deps.erasures.objects(project, erasure.erasureId);
  return {
    schemaVersion: 1,
    project,
    erasureId: erasure.erasureId,
    requestedBy: erasure.requestedBy,
    requestedAt: erasure.requestedAt,
    completedAt: done.completedAt,
    reason: erasure.reason,
    keyDigests: [...erasure.keyDigests],
    versions: versions.map(({ datasetVersion, rowsErased, contentSha256Before, contentSha256 }) => ({
      datasetVersion,
      rowsErased,
      contentSha256Before,
      contentSha256,
    })),
    objects: objects
      .filter(({ rowsErased }) => rowsErased > 0)
      .map(({ before, after, rowsErased }) => ({
        before: before.sha256,
        ...(after ? { after: after.sha256 } : {}),
        rowsErased,
      })),
    uploadsDeleted: [...done.uploadsDeleted],
    remaining: [
      ...objects
        .filter(({ lacksKey }) => lacksKey)
        .map(({ before }) => ({
          kind: 'object',
          id: before.sha256,
          why: `${before.path} has no column of the primary key: its rows cannot be told apart.`,
        })),
      ...(await madeOfRows(deps, project, versions)),
      ...(await rejectedUploads(deps, project)),
    ],
  };
}

async function madeOfRows(
  { store }: CertificateDeps,
  project: string,
  versions: readonly ErasedVersion[],
): Promise<Certificate['remaining']> {
  const remaining: Certificate['remaining'] = [];
  for (const { datasetVersion } of versions)
    for (const { kind, id } of await store.uses(project, datasetVersion))
      remaining.push({ kind, id, why: whyOf[kind](datasetVersion) });
  return remaining;
}

const whyOf = {
  'training-set': (version: number) =>
    `It was built of dataset version ${version} and holds copies of its rows.`,
  'model-version': (version: number) =>
    `It was trained on dataset version ${version}, with the rows in it. Train it anew where it must forget them.`,
} as const;

/** Rejected files are no part of any version and were never read as rows: nobody knows what is in them. */
const maxRejected = 100;
async function rejectedUploads(
  { uploadsOf }: CertificateDeps,
  project: string,
): Promise<Certificate['remaining']> {
  const rejected: Certificate['remaining'] = [];
  for await (const { key, status } of uploadsOf(project)) {
    if (status !== 'rejected') continue;
    rejected.push({
      kind: 'rejected-upload',
      id: key,
      why: 'It was rejected and never read: look into it, or delete it from the uploads bucket.',
    });
    if (rejected.length === maxRejected) break;
  }
  return rejected;
}
