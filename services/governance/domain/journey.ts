import type { Journey } from '#services/governance/contract.ts';
import { listOf, numberOf, objectOf, textOf } from './fact-text.ts';
import type { Fact } from './facts.ts';
import { featureCauseOf } from './journey-features.ts';
import { type StepChange, type StepName, titleOf } from './journey-step.ts';
import { stepsOf } from './journey-steps.ts';

type Step = Journey['steps'][number];

/** Whether a fact is part of a journey’s story. A journey exists from its first such fact on. */
export const movesJourney = (fact: Fact): boolean => stepsOf(fact).length > 0;

/** The story of one journey from its facts, which may have come in any order. */
export function journeyOf(facts: readonly Fact[]): Journey {
  const ordered = [...facts].sort(
    (a, b) => a.occurredAt.localeCompare(b.occurredAt) || a.eventId.localeCompare(b.eventId),
  );
  const first = ordered[0];
  const last = ordered.at(-1);
  if (!first || !last) throw new Error('A journey has at least one fact.');
  const steps = new Map<StepName, Step>();
  for (const fact of ordered) for (const change of stepsOf(fact)) applyChange(steps, change, fact.occurredAt);
  const list = [...steps.values()];
  const waitingFor =
    waitingApproval(ordered, steps.get('approval')) ?? waitingContract(ordered, steps.get('contract'));
  return {
    journeyId: first.correlationId,
    project: first.project,
    cause: causeOf(first),
    startedAt: first.occurredAt,
    updatedAt: last.occurredAt,
    status: statusOf(list),
    ...(waitingFor ? { waitingFor } : {}),
    steps: list,
  };
}

/** A settled step is not opened again by a fact that came later than it happened; a failure stays the last word. */
function applyChange(steps: Map<StepName, Step>, change: StepChange, at: string): void {
  const known = steps.get(change.step);
  const live = change.status === 'running' || change.status === 'waiting';
  if (change.onlyWaiting && known?.status !== 'waiting') return;
  if (known?.endedAt && live) return;
  if (known?.status === 'failed' && !change.again) return;
  // A second reason to train was held back; the first one trains.
  if (known?.status === 'done' && change.status === 'skipped') return;
  steps.set(change.step, {
    step: change.step,
    title: titleOf(change.step),
    status: change.status,
    startedAt: known?.startedAt ?? at,
    ...(live ? {} : { endedAt: at }),
    summary: change.summary,
  });
}

function statusOf(steps: readonly Step[]): Journey['status'] {
  if (steps.some((step) => step.status === 'failed')) return 'failed';
  if (steps.some((step) => step.status === 'waiting')) return 'waiting';
  return steps.some((step) => step.status === 'running') ? 'running' : 'done';
}

function waitingApproval(facts: readonly Fact[], approval: Step | undefined): Journey['waitingFor'] {
  const request = facts.findLast((fact) => fact.name === 'ApprovalRequested');
  if (approval?.status !== 'waiting' || !request) return undefined;
  return {
    kind: 'approval',
    approvalId: textOf(request.data['approvalId']),
    approvers: listOf(request.data['approvers']).map(textOf),
  };
}

/** A refused suggestion is waited for no more: then a contract is to be applied. */
function waitingContract(facts: readonly Fact[], contract: Step | undefined): Journey['waitingFor'] {
  const last = facts.findLast(({ name }) => name === 'SchemaSuggested' || name === 'SuggestionRefused');
  if (contract?.status !== 'waiting' || last?.name !== 'SchemaSuggested') return undefined;
  return { kind: 'contract', suggestionId: textOf(last.data['suggestionId']) };
}

function causeOf(fact: Fact): string {
  const source = objectOf(fact.data['source']);
  if (fact.data['restoredFrom'])
    return `Restoration of dataset version ${numberOf(fact.data['restoredFrom'])}`;
  if (fact.name.startsWith('DatasetVersion')) return `Upload ${fileNameOf(textOf(source['key']))}`;
  if (fact.name === 'DriftDetected') return `Drift of version ${numberOf(fact.data['modelVersion'])}`;
  if (fact.name === 'PerformanceMeasured')
    return `Performance of version ${numberOf(fact.data['modelVersion'])}`;
  if (fact.name === 'TrainingRequested' || fact.name === 'TrainingSuppressed')
    return `Training asked for by ${fact.actor}`;
  if (fact.name === 'ModelVersionCreated')
    return `Version ${numberOf(fact.data['modelVersion'])} registered by ${fact.actor}`;
  if (fact.name === 'ModelVersionQuarantined')
    return `Bytes of version ${numberOf(fact.data['modelVersion'])} changed`;
  if (fact.name === 'DeploymentRolledBack')
    return `Rollback of version ${numberOf(fact.data['modelVersion'])}`;
  return featureCauseOf(fact) ?? fact.name;
}

/** Uploads through the API carry a ULID before the name, which tells a person nothing. */
const fileNameOf = (key: string): string =>
  (key.split('/').at(-1) ?? key).replace(/^[0-9A-HJKMNP-TV-Z]{26}-/, '');
