import { SchemaSuggested } from '#events/validation.ts';
import { causedBy } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import type { StoredOutcome } from '../domain/check-plan.ts';
import { suggestionIdOf } from '../domain/suggestion-id.ts';
import type {
  Check,
  Documents,
  Outcomes,
  SuggestionRecord,
  SuggestionStore,
  ValidationStore,
} from '../ports.ts';

type ProfiledVersion = Extract<StoredOutcome['result'], { kind: 'profiled' }>;

export interface CompleteSuggestionDeps {
  readonly documents: Documents;
  readonly suggestions: SuggestionStore;
  readonly outcomes: Outcomes;
  readonly store: ValidationStore;
  readonly clock: Clock;
}

/** Ends the check of a version that has no contract: a person decides on the one that its data suggests. Newer data replaces what waits. */
export async function completeSuggestion(
  deps: CompleteSuggestionDeps,
  check: Check,
  { profile, rows, suggested }: ProfiledVersion,
): Promise<void> {
  const { project, datasetVersion, checkId } = check;
  const suggestionId = suggestionIdOf(datasetVersion, checkId);
  const document = await deps.documents.writeSuggestion({
    schemaVersion: 1,
    project,
    suggestionId,
    datasetVersion,
    rows,
    ...suggested,
  });
  const now = deps.clock.now();
  const metadata = causedBy(check.cause, {
    eventId: `${checkId}-suggested`,
    occurredAt: now,
    actor: { type: 'service', id: 'validation' },
  });
  const before = await deps.suggestions.waiting(project);
  const isNewest = before === undefined || before.datasetVersion <= datasetVersion;
  const older = isNewest && before ? await deps.suggestions.find(project, before.suggestionId) : undefined;
  const columns = Object.keys(suggested.contract.columns).length;
  const suggestion: SuggestionRecord = {
    project,
    suggestionId,
    datasetVersion,
    status: isNewest ? 'waiting' : 'superseded',
    suggestedAt: now.toISOString(),
    columns,
    rows,
    document,
    metadata,
  };
  await deps.outcomes.complete({
    check,
    cleaning: check.occasion === 'erasure',
    profile,
    suggestion,
    ...(older?.status === 'waiting' ? { superseded: older } : {}),
    ...(isNewest ? { waiting: { project, datasetVersion, suggestionId, metadata } } : {}),
    events: isNewest
      ? [
          SchemaSuggested.create(metadata, {
            project,
            suggestionId,
            datasetVersion,
            suggestion: document,
            columns,
            rows,
          }),
        ]
      : [],
  });
}
