import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Check, Copies, Documents, SuggestionStore, ValidationStore } from '../ports.ts';

export interface CleanCopiesDeps {
  readonly store: ValidationStore;
  readonly suggestions: SuggestionStore;
  readonly documents: Documents;
  readonly copies: Copies;
}

/** Deletes what was kept of a version's rows before they were erased, in every S3 version; what is kept now stays. */
export async function cleanCopies(deps: CleanCopiesDeps, check: Check): Promise<void> {
  const { project, datasetVersion } = check;
  const [record, profile, waiting] = await Promise.all([
    deps.store.find(project, datasetVersion),
    deps.store.findProfile(project, datasetVersion),
    deps.suggestions.waiting(project),
  ]);
  const report = record && (await deps.documents.readReport(record.report));
  const suggestion =
    waiting?.datasetVersion === datasetVersion
      ? await deps.suggestions.find(project, waiting.suggestionId)
      : undefined;
  const kept = [
    record?.report,
    report?.validated,
    report?.quarantine,
    profile?.profile,
    suggestion?.document,
    check.plan,
  ].filter((object): object is StoredObject => object !== undefined);
  await deps.copies.deleteAllBut(check, kept, check.replaced ?? []);
}
