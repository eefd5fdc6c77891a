import { type SkewReport, skewReport } from '../contract.ts';
import type { Documents, SkewStore } from '../ports.ts';

/** Reports, newest first; whose an example is stays here. */
export async function listSkewReports(
  {
    skew,
    documents,
  }: { readonly skew: Pick<SkewStore, 'page'>; readonly documents: Pick<Documents, 'read'> },
  { project, pageToken }: { readonly project: string; readonly pageToken?: string | undefined },
): Promise<{ items: SkewReport[]; nextPageToken?: string }> {
  const page = await skew.page(project, pageToken);
  const items = await Promise.all(
    page.items.map(async ({ object }) => skewReport.parse(await documents.read(object))),
  );
  return { items, ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }) };
}
