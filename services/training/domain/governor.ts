/** What asks for a training. */
export type Trigger = 'Data' | 'Drift' | 'Performance' | 'Schedule' | 'Manual';

/** Why the governor does not let a training begin. `NoValidatedData` is found out before the governor is asked. */
export type SuppressionRule = 'InFlight' | 'Cooldown' | 'Budget' | 'Policy' | 'NoNewData';

/** `Origin` tells where the request came from; the governor keeps it and does not look at it. */
export interface TrainingRequest<Origin> {
  readonly trigger: Trigger;
  readonly reasons: readonly string[];
  readonly datasetVersion: number;
  readonly projectRevision: number;
  readonly requestedBy: string;
  readonly origin: Origin;
}

/** What the project says about when to train. */
export interface GovernorPolicy {
  readonly onNewData: 'always' | 'first' | 'never';
  readonly retrainOn: readonly ('drift' | 'performance')[];
  readonly cooldownSeconds: number;
  readonly maxTrainingsPerDay: number;
}

/** What the governor remembers of a project. `pending` met a flight and is asked again when that has ended. */
export interface GovernorState<Origin> {
  readonly flight?: { readonly trainingId: string; readonly since: string };
  readonly pending?: TrainingRequest<Origin>;
  readonly lastEndedAt?: string;
  /** What the training in flight is made of, or the last one when it did not fail. */
  readonly lastRecipe?: { readonly datasetVersion: number; readonly projectRevision: number };
  /** UTC day that `startedOnDay` counts, as YYYY-MM-DD. */
  readonly day?: string;
  readonly startedOnDay: number;
}

export const idleGovernor: GovernorState<never> = { startedOnDay: 0 };

export interface GovernorContext {
  readonly now: Date;
  readonly policy: GovernorPolicy;
  /** Whether the project's model has a version that serves as champion. */
  readonly hasChampion: boolean;
}

/** `state` is what the governor remembers from then on; `request` is what begins, merged with what waited. */
export type Decision<Origin> =
  | {
      readonly decision: 'begin';
      readonly request: TrainingRequest<Origin>;
      readonly state: GovernorState<Origin>;
    }
  | {
      readonly decision: 'suppress';
      readonly rule: SuppressionRule;
      readonly message: string;
      readonly state: GovernorState<Origin>;
    };

/** Merged requests remember at most so many reasons, the newest. */
const maxReasons = 20;

/**
 * Decides on a request: the project's policy first, then single flight, whether there is anything new to learn, cooldown (not
 * for manual requests) and the day's budget. A request that meets a flight is merged into `pending`: whether the flight taught what it
 * asks for is known when that has ended. Every other suppressed request is gone.
 */
export function decide<Origin>(
  state: GovernorState<Origin>,
  request: TrainingRequest<Origin>,
  trainingId: string,
  context: GovernorContext,
): Decision<Origin> {
  const refusal = policyRefusal(state, request, context);
  if (refusal) return { decision: 'suppress', rule: 'Policy', message: refusal, state };
  if (state.flight) {
    return {
      decision: 'suppress',
      rule: 'InFlight',
      message: `Training ${state.flight.trainingId} is in flight since ${state.flight.since}. The request is kept and asked again when it ends.`,
      state: { ...state, pending: state.pending ? merged(state.pending, request) : request },
    };
  }
  const known = nothingNew(state, request);
  if (known) return { decision: 'suppress', rule: 'NoNewData', message: known, state };
  const limit = limitReached(state, request, context);
  if (limit) return { decision: 'suppress', ...limit, state };
  const { pending, ...rest } = state;
  const begun = pending ? merged(pending, request) : request;
  const day = utcDay(context.now);
  return {
    decision: 'begin',
    request: begun,
    state: {
      ...rest,
      flight: { trainingId, since: context.now.toISOString() },
      lastRecipe: { datasetVersion: begun.datasetVersion, projectRevision: begun.projectRevision },
      day,
      startedOnDay: startedOn(state, day) + 1,
    },
  };
}

/** Ends the flight of a training; the state is returned as it is when that training is not in flight. A failed one taught nothing. */
export function endFlight<Origin>(
  state: GovernorState<Origin>,
  trainingId: string,
  now: Date,
  outcome: 'completed' | 'failed',
): GovernorState<Origin> {
  if (state.flight?.trainingId !== trainingId) return state;
  const { flight: _ended, lastRecipe, ...rest } = state;
  return {
    ...rest,
    ...(lastRecipe && outcome === 'completed' ? { lastRecipe } : {}),
    lastEndedAt: now.toISOString(),
  };
}

/**
 * Asks again for what waited. Nothing waits or a flight goes on: undefined. Refused for good (policy, nothing new): it is dropped.
 * Held back by cooldown or budget: it goes on waiting.
 */
export function decidePending<Origin>(
  state: GovernorState<Origin>,
  trainingId: string,
  context: GovernorContext,
): Decision<Origin> | undefined {
  if (!state.pending || state.flight) return undefined;
  const decision = decide(state, state.pending, trainingId, context);
  if (decision.decision === 'begin' || !isFinal(decision.rule)) return decision;
  const { pending: _refused, ...rest } = state;
  return { ...decision, state: rest };
}

/** Rules that no waiting changes. */
export const isFinal = (rule: SuppressionRule): boolean => rule === 'Policy' || rule === 'NoNewData';

/** Training is deterministic: drift or decay that is found again asks in vain until there is newer data or another recipe. */
function nothingNew<Origin>(
  { lastRecipe }: GovernorState<Origin>,
  request: TrainingRequest<Origin>,
): string | undefined {
  const automatic = request.trigger === 'Drift' || request.trigger === 'Performance';
  if (
    !automatic ||
    !lastRecipe ||
    request.datasetVersion > lastRecipe.datasetVersion ||
    request.projectRevision !== lastRecipe.projectRevision
  )
    return undefined;
  return `A training on dataset version ${lastRecipe.datasetVersion} with revision ${lastRecipe.projectRevision} of the project ran already; the same data gives the same model. Upload newer data, or change the project.`;
}

function policyRefusal<Origin>(
  state: GovernorState<Origin>,
  request: TrainingRequest<Origin>,
  { policy, hasChampion }: GovernorContext,
): string | undefined {
  const { trigger } = request;
  if (trigger === 'Data' && policy.onNewData === 'never')
    return 'training.onNewData is never: new data starts no training.';
  if (trigger === 'Data' && policy.onNewData === 'first' && (hasChampion || state.flight))
    return `training.onNewData is first, and there is ${hasChampion ? 'a champion' : 'a training in flight'} already.`;
  if (trigger === 'Drift' && !policy.retrainOn.includes('drift'))
    return 'monitoring.retrainOn does not name drift.';
  if (trigger === 'Performance' && !policy.retrainOn.includes('performance'))
    return 'monitoring.retrainOn does not name performance.';
  return undefined;
}

function limitReached<Origin>(
  state: GovernorState<Origin>,
  request: TrainingRequest<Origin>,
  { now, policy }: GovernorContext,
): { rule: 'Cooldown' | 'Budget'; message: string } | undefined {
  if (state.lastEndedAt && request.trigger !== 'Manual') {
    const readyAtMs = Date.parse(state.lastEndedAt) + policy.cooldownSeconds * 1000;
    if (now.getTime() < readyAtMs)
      return {
        rule: 'Cooldown',
        message: `The last training ended at ${state.lastEndedAt}; training.limits.cooldownSeconds holds requests back until ${new Date(readyAtMs).toISOString()}.`,
      };
  }
  const started = startedOn(state, utcDay(now));
  if (started >= policy.maxTrainingsPerDay)
    return {
      rule: 'Budget',
      message: `${started} trainings began today (UTC), training.limits.maxTrainingsPerDay allows ${policy.maxTrainingsPerDay}.`,
    };
  return undefined;
}

/** The newer request wins, but for the dataset version, of which the highest is the newest; reasons of both are kept. */
function merged<Origin>(
  older: TrainingRequest<Origin>,
  newer: TrainingRequest<Origin>,
): TrainingRequest<Origin> {
  return {
    ...newer,
    datasetVersion: Math.max(older.datasetVersion, newer.datasetVersion),
    reasons: [...new Set([...older.reasons, ...newer.reasons])].slice(-maxReasons),
  };
}

const utcDay = (now: Date): string => now.toISOString().slice(0, 10);
const startedOn = (state: GovernorState<unknown>, day: string): number =>
  state.day === day ? state.startedOnDay : 0;
