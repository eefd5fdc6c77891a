import { FeatureSkewCheckRequested } from '#events/feature-store.ts';
import { type Actor, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import type { DefinitionStore, PinningModelStore, SkewState, SkewStore } from '../ports.ts';

export interface RequestSkewCheckDeps {
  readonly definitions: Pick<DefinitionStore, 'newestRevision' | 'projects'>;
  readonly models: Pick<PinningModelStore, 'services'>;
  readonly skew: SkewStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** Predictions of a month are kept by id: a first report looks no further back. */
const firstPeriodMs = 30 * 86_400_000;
/** More often costs more than it tells. */
const leastEverySeconds = 3600;
/** Predictions are in files soon after they were made. Of those that may not be yet, a round looks at none, and the next look after one by hand at all again. */
const settlingMs = 5 * 60_000;

/**
 * Asks for a look at what was served since the last one. What may not be in files yet is looked at again by the next. Throws NothingServed (precondition_failed).
 */
export async function requestSkewCheck(
  deps: RequestSkewCheckDeps,
  { project, requestedBy }: { readonly project: string; readonly requestedBy: string },
): Promise<{ readonly checkId: string }> {
  const settings = await settingsOf(deps, project);
  if (!settings)
    throw new AppError(
      'precondition_failed',
      'NothingServed',
      `No model of '${project}' reads features by entity key: there is nothing to compare. Train one with a featureService in the project file, and deploy it.`,
    );
  const to = deps.clock.now();
  const before = await deps.skew.state(project);
  return request(deps, {
    project,
    to,
    everySeconds: settings.everySeconds,
    before,
    actor: { type: 'user', id: requestedBy },
  });
}

/** Asks for the looks that are due; answers the projects. */
export async function requestDueSkewChecks(deps: RequestSkewCheckDeps): Promise<string[]> {
  const requested: string[] = [];
  for (const project of await deps.definitions.projects()) {
    const now = deps.clock.now();
    const before = await deps.skew.state(project);
    if (before && before.dueAt > now.toISOString()) continue;
    const settings = await settingsOf(deps, project);
    if (!settings) continue;
    const to = new Date(now.getTime() - settlingMs);
    try {
      await request(deps, {
        project,
        to,
        everySeconds: settings.everySeconds,
        before,
        actor: { type: 'service', id: 'feature-store' },
      });
      requested.push(project);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'SkewCheckRequested') throw error;
    }
  }
  return requested;
}

/** Undefined where no model keeps a version of a service of the project. */
async function settingsOf({ definitions, models }: RequestSkewCheckDeps, project: string) {
  if ((await models.services(project)).length === 0) return undefined;
  return (await definitions.newestRevision(project))?.skew;
}

async function request(
  { skew, clock, ids }: RequestSkewCheckDeps,
  {
    project,
    to,
    everySeconds,
    before,
    actor,
  }: { project: string; to: Date; everySeconds: number; before: SkewState | undefined; actor: Actor },
): Promise<{ readonly checkId: string }> {
  const now = clock.now();
  const checkId = ids.next();
  const from = before?.checkedTo ?? new Date(now.getTime() - firstPeriodMs).toISOString();
  const notBefore = (time: number) => (time > Date.parse(from) ? new Date(time).toISOString() : from);
  const state = {
    checkId,
    // Somebody may have asked a moment ago: then the round has nothing left.
    checkedTo: notBefore(Math.min(to.getTime(), now.getTime() - settlingMs)),
    dueAt: new Date(now.getTime() + Math.max(everySeconds, leastEverySeconds) * 1000).toISOString(),
  };
  const metadata = startingJourney({
    eventId: `${checkId}-requested`,
    correlationId: checkId,
    occurredAt: now,
    project,
    actor,
  });
  const event = FeatureSkewCheckRequested.create(metadata, {
    project,
    checkId,
    from,
    to: notBefore(to.getTime()),
  });
  await skew.request(project, state, before, event);
  return { checkId };
}
