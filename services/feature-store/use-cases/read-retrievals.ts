import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { type Retrieval, retrieval } from '../contract.ts';
import type { RetrievalRecord, RetrievalStore } from '../ports.ts';

export interface ReadRetrievalsDeps {
  readonly retrievals: Pick<RetrievalStore, 'find' | 'list'>;
  readonly downloadAddress: (object: { readonly uri: string }) => Promise<string>;
}

/** What people see of a retrieval. */
export const presentRetrieval = (record: RetrievalRecord): Retrieval => retrieval.parse(record);

export async function listRetrievals(
  { retrievals }: ReadRetrievalsDeps,
  { project, pageToken }: { project: string; pageToken?: string | undefined },
): Promise<{ items: Retrieval[]; nextPageToken?: string }> {
  const page: Page<RetrievalRecord> = await retrievals.list(project, pageToken);
  return { ...page, items: page.items.map(presentRetrieval) };
}

/** A retrieval and, when it is done, where to download its training set. Throws RetrievalNotFound (not_found). */
export async function readRetrieval(
  { retrievals, downloadAddress }: ReadRetrievalsDeps,
  { project, retrievalId }: { project: string; retrievalId: string },
): Promise<Retrieval & { downloadUrl?: string }> {
  const found = await retrievals.find(project, retrievalId);
  if (!found)
    throw new AppError(
      'not_found',
      'RetrievalNotFound',
      `There is no retrieval '${retrievalId}' in '${project}'. List the project's retrievals for those that there are.`,
    );
  const { trainingSet } = found;
  return {
    ...presentRetrieval(found),
    ...(trainingSet ? { downloadUrl: await downloadAddress(trainingSet.data) } : {}),
  };
}
