import type * as z from 'zod';
import { QuarantineReleased, ValidationCompleted } from '#events/validation.ts';
import { causedBy, type DomainEvent, type EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ValidationReport } from '../contract.ts';
import type { CheckPlan, StoredOutcome } from '../domain/check-plan.ts';
import { reportOf, unreadableReport } from '../domain/report.ts';
import { findingsOf } from '../domain/verdict.ts';
import type {
  Check,
  CheckStore,
  Dispatcher,
  Documents,
  Outcomes,
  SuggestionStore,
  ValidationRecord,
  ValidationStore,
} from '../ports.ts';
import { type CompleteSuggestionDeps, completeSuggestion } from './complete-suggestion.ts';

export interface CompleteCheckDeps extends CompleteSuggestionDeps {
  readonly checks: CheckStore;
  readonly documents: Documents;
  readonly store: ValidationStore;
  readonly suggestions: SuggestionStore;
  readonly outcomes: Outcomes;
  readonly dispatcher: Dispatcher;
  readonly clock: Clock;
}

/** An outcome without rows: what was found, and what there should have been. */
export const unreadable = (observed: string, expected: string): StoredOutcome => ({
  result: { kind: 'unreadable', observed, expected },
});

/** Somebody decides on a suggestion, or marks the check, while its outcome is written: then it is written anew. */
const maxWrites = 5;

/**
 * Publishes the outcome of a check: the report and all that it names are kept first, then the record, the facts and the end of
 * the check in one transaction. A check that was ended before is left alone, so that of two that did the same work one counts.
 */
export async function completeCheck(
  deps: CompleteCheckDeps,
  { project, datasetVersion, checkId }: Check,
  plan: CheckPlan,
  outcome: StoredOutcome,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const open = await deps.checks.list(project, datasetVersion);
    const check = open.find((one) => one.checkId === checkId);
    if (!check || check.status === 'cleaning') return;
    try {
      await (outcome.result.kind === 'profiled'
        ? completeSuggestion(deps, await withReplaced(deps, check), outcome.result)
        : completeVerdict(deps, check, plan, outcome));
      return;
    } catch (error) {
      const isChanged = error instanceof AppError && error.code === 'CheckChanged';
      if (!isChanged || attempt === maxWrites) throw error;
    }
  }
}

async function completeVerdict(
  deps: CompleteCheckDeps,
  check: Check,
  plan: CheckPlan,
  { result, engine }: StoredOutcome,
): Promise<void> {
  const { project, datasetVersion, occasion } = check;
  const now = deps.clock.now();
  const head = {
    project,
    datasetVersion,
    projectRevision: plan.projectRevision,
    validatedAt: now.toISOString(),
    occasion,
    ...(engine ? { engine } : {}),
  };
  const report =
    result.kind === 'checked'
      ? { ...head, ...reportOf(result, plan) }
      : { ...head, ...unreadableReport(result as Extract<typeof result, { kind: 'unreadable' }>, plan) };
  const stored = await deps.documents.writeReport(report);
  const events = eventsOf(check, plan, report, stored, now);
  const waiting = await deps.suggestions.waiting(project);
  const isAnswered = waiting !== undefined && waiting.datasetVersion <= datasetVersion;
  const suggestion = isAnswered ? await deps.suggestions.find(project, waiting.suggestionId) : undefined;
  const record: ValidationRecord = {
    project,
    datasetVersion,
    verdict: report.verdict,
    report: stored,
    projectRevision: plan.projectRevision,
    contractSha256: plan.contractSha256,
    ...(plan.newestRowsAt ? { newestRowsAt: plan.newestRowsAt } : {}),
    journey: events.at(-1)!.detail.metadata,
  };
  await deps.outcomes.complete({
    check: await withReplaced(deps, check),
    cleaning: occasion === 'erasure',
    record,
    profile: report.profile,
    ...(isAnswered ? { waiting: null } : {}),
    ...(suggestion?.status === 'waiting' ? { superseded: suggestion } : {}),
    events,
  });
}

/** What an erasure replaces, so that it can be deleted afterwards wherever it lies. */
export async function withReplaced(
  { store, documents }: Pick<CompleteCheckDeps, 'store' | 'documents'>,
  check: Check,
): Promise<Check> {
  if (check.occasion !== 'erasure') return check;
  const record = await store.find(check.project, check.datasetVersion);
  const report = record && (await documents.readReport(record.report));
  const objects = [record?.report, report?.validated, report?.quarantine, report?.profile];
  return { ...check, replaced: objects.filter((object): object is StoredObject => object !== undefined) };
}

/** The facts of an outcome; the last is ValidationCompleted. */
function eventsOf(
  check: Check,
  plan: CheckPlan,
  report: ValidationReport,
  stored: StoredObject,
  occurredAt: Date,
): DomainEvent[] {
  const released = releaseEvent(check, report, occurredAt);
  const metadata = causedBy(released?.detail.metadata ?? check.cause, {
    eventId: `${check.checkId}-validated`,
    occurredAt,
    actor: { type: 'service', id: 'validation' },
  });
  const { verdict, rows, validRows, quarantinedRows, validated, quarantine, profile, checks } = report;
  const referenced = Object.values(plan.check.lookups).map(({ project, datasetVersion }) => ({
    project,
    datasetVersion,
  }));
  const data: z.input<typeof ValidationCompleted.data> = {
    project: check.project,
    datasetVersion: check.datasetVersion,
    verdict,
    rows,
    validRows,
    quarantinedRows,
    ...(validated ? { validated } : {}),
    ...(quarantine ? { quarantine } : {}),
    ...(profile ? { profile } : {}),
    report: stored,
    findings: findingsOf(checks),
    projectRevision: plan.projectRevision,
    occasion: check.occasion,
    ...(referenced.length > 0 ? { referenced } : {}),
  };
  return [...(released ? [released] : []), ValidationCompleted.create(metadata, data)];
}

function releaseEvent(
  { release, cause, project, datasetVersion }: Check,
  report: ValidationReport,
  occurredAt: Date,
): DomainEvent<{ readonly rows: number }> | undefined {
  if (!release) return undefined;
  const { releaseId, checks, releasedBy, reason } = release;
  const rows = report.released?.find((one) => one.releaseId === releaseId)?.rows ?? 0;
  const metadata: EventMetadata = causedBy(cause, {
    eventId: `${releaseId}-released`,
    occurredAt,
    actor: { type: 'user', id: releasedBy },
  });
  return QuarantineReleased.create(metadata, {
    project,
    datasetVersion,
    releaseId,
    rows,
    checks: [...checks],
    releasedBy,
    reason,
  });
}
