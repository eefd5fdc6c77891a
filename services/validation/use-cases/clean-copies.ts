import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { suggestionIdOf } from '../domain/suggestion-id.ts';
import type {
  Check,
  Copies,
  Documents,
  SuggestionRecord,
  SuggestionStore,
  ValidationStore,
} from '../ports.ts';

export interface CleanCopiesDeps {
  readonly store: ValidationStore;
  readonly suggestions: SuggestionStore;
  readonly documents: Documents;
  readonly copies: Copies;
  readonly clock: Clock;
}

/** Deletes what was kept of a version's rows before they were erased, in every S3 version; what is kept now stays. */
export async function cleanCopies(deps: CleanCopiesDeps, check: Check): Promise<void> {
  const { project, datasetVersion } = check;
  const [record, profile, suggestion] = await Promise.all([
    deps.store.find(project, datasetVersion),
    deps.store.findProfile(project, datasetVersion),
    forgetSuggestions(deps, check),
  ]);
  const report = record && (await deps.documents.readReport(record.report));
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

/**
 * Evidence and allowed values of a suggestion are values of rows: what was suggested before says from now on that it is gone. Answers the
 * suggestion that the check itself made, if it did.
 */
async function forgetSuggestions(
  { suggestions, clock }: CleanCopiesDeps,
  { project, datasetVersion, checkId }: Check,
): Promise<SuggestionRecord | undefined> {
  let own: SuggestionRecord | undefined;
  for await (const suggestion of suggestions.ofVersion(project, datasetVersion)) {
    if (suggestion.suggestionId === suggestionIdOf(datasetVersion, checkId)) own = suggestion;
    else if (!suggestion.erasedAt) await suggestions.markErased(suggestion, clock.now().toISOString());
  }
  return own;
}
