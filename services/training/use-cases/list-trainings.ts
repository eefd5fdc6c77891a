import type * as z from 'zod';
import type { listTrainings } from '#services/training/contract.ts';
import type { TrainingStore } from '../ports.ts';

/** Trainings of a project as the API shows them, newest first. */
export async function listTrainingsOf(
  { store }: { readonly store: TrainingStore },
  project: string,
  pageToken: string | undefined,
): Promise<z.input<typeof listTrainings.response>> {
  const { items, nextPageToken } = await store.listTrainings(project, pageToken);
  return {
    items: items.map(
      ({ project: _path, projectRevision: _revision, requestedBy: _by, metadata: _cause, ...shown }) => ({
        ...shown,
        reasons: [...shown.reasons],
      }),
    ),
    ...(nextPageToken ? { nextPageToken } : {}),
  };
}
