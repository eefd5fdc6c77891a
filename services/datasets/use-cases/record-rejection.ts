import { DatasetVersionRejected } from '#events/datasets.ts';
import type { DatasetStore, Rejection } from '../ports.ts';
import {
  type ArrivedUpload,
  handledUpload,
  metadataOf,
  sourceOf,
  type UploadOutcome,
} from './arrived-upload.ts';

/** Records why a write cannot be a version, and tells of it. */
export async function recordRejection(
  { store }: { readonly store: DatasetStore },
  arrived: ArrivedUpload,
  project: string,
  reasons: readonly Rejection[],
): Promise<UploadOutcome> {
  const keyBefore = await store.key(arrived.source.key);
  await store.commitUpload(
    handledUpload(arrived, project, keyBefore, { status: 'rejected', reasons: [...reasons] }),
    DatasetVersionRejected.create(metadataOf(arrived, project, keyBefore), {
      project,
      source: sourceOf(arrived),
      reasons: [...reasons],
    }),
  );
  return 'rejected';
}

export const unknownProject = (project: string): Rejection => ({
  code: 'UnknownProject',
  message: `There is no project '${project}'. Apply its project file, then upload again.`,
});
