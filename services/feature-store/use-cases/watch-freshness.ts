import { FeatureFreshnessBreached, FeatureFreshnessRestored } from '#events/feature-store.ts';
import { type EventMetadata, startingJourney } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { freshnessOf } from '../domain/freshness.ts';
import type {
  DefinitionStore,
  FreshnessBreach,
  FreshnessMeter,
  FreshnessStore,
  ViewStates,
} from '../ports.ts';

export interface ReadFreshnessDeps {
  readonly definitions: Pick<DefinitionStore, 'viewsOf'>;
  readonly states: Pick<ViewStates, 'of'>;
  readonly freshness: FreshnessStore;
  readonly clock: Clock;
}

export interface WatchFreshnessDeps extends ReadFreshnessDeps {
  readonly meter: FreshnessMeter;
}

type Freshness = ReturnType<typeof freshnessOf>;

/** How fresh each view is that has values online. */
export async function readFreshness(
  { definitions, states, freshness, clock }: ReadFreshnessDeps,
  project: string,
): Promise<{ readonly at: string; readonly views: Freshness[] }> {
  const now = clock.now();
  const views = (await definitions.viewsOf(project)).filter(({ settings }) => settings.online);
  const [known, breaches] = await Promise.all([
    states.of(
      project,
      views.map(({ version }) => version),
    ),
    freshness.breaches(project),
  ]);
  return {
    at: now.toISOString(),
    views: views.map(({ version, settings }, place) =>
      freshnessOf(
        {
          view: version.view,
          version: version.version,
          createdAt: version.createdAt,
          maxLagSeconds: settings.freshness?.maxLagSeconds,
          newestEventAt: known[place]?.newestEventAt,
          breachedSince: breaches.find(({ view }) => view === version.view)?.since,
        },
        now.getTime(),
      ),
    ),
  };
}

/**
 * Meters the lag of each view of a project, and tells once when an objective is breached and once when it is met again. An objective
 * that is no longer declared ends its breach without a word.
 */
export async function watchFreshness(deps: WatchFreshnessDeps, project: string): Promise<void> {
  const { freshness, meter } = deps;
  const [{ at, views }, breaches] = await Promise.all([
    readFreshness(deps, project),
    freshness.breaches(project),
  ]);
  for (const { view, lagSeconds } of views)
    if (lagSeconds !== undefined) meter.lag(project, view, lagSeconds);
  for (const view of views) {
    const last = breaches.find((breach) => breach.view === view.view);
    await unlessChanged(() => tell(deps, { project, at, view, last }));
  }
  const objectives = new Set(
    views.filter(({ maxLagSeconds }) => maxLagSeconds !== undefined).map(({ view }) => view),
  );
  for (const last of breaches)
    if (last.since !== undefined && !objectives.has(last.view))
      await unlessChanged(() => freshness.save({ ...last, since: undefined }, last, []));
}

/** Two rounds may meet: the other one told of it. */
async function unlessChanged(change: () => Promise<void>): Promise<void> {
  try {
    await change();
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'BreachChanged') throw error;
  }
}

async function tell(
  { freshness, clock, meter }: WatchFreshnessDeps,
  {
    project,
    at,
    view,
    last,
  }: { project: string; at: string; view: Freshness; last: FreshnessBreach | undefined },
): Promise<void> {
  const { maxLagSeconds, lagSeconds, newestEventAt, status } = view;
  if (maxLagSeconds === undefined) return;
  const about = { project, view: view.view, version: view.version };
  const isOpen = last?.since !== undefined;
  if (status === 'breached' && !isOpen) {
    const breach = { project, view: view.view, number: (last?.number ?? 0) + 1, since: at };
    const event = FeatureFreshnessBreached.create(metadataOf(breach, 'breached', clock), {
      ...about,
      ...(newestEventAt === undefined ? {} : { newestEventAt }),
      ...(lagSeconds === undefined ? {} : { lagSeconds }),
      maxLagSeconds,
    });
    await freshness.save(breach, last, [event]);
    meter.breach();
  }
  if (status === 'fresh' && isOpen) {
    const restored = { newestEventAt: newestEventAt!, lagSeconds: lagSeconds! };
    const event = FeatureFreshnessRestored.create(metadataOf(last, 'restored', clock), {
      ...about,
      ...restored,
    });
    await freshness.save({ ...last, since: undefined }, last, [event]);
  }
}

/** A breach and its end are one story. */
function metadataOf({ project, view, number }: FreshnessBreach, what: string, clock: Clock): EventMetadata {
  const story = `freshness-${project}-${view}-${number}`.slice(-54);
  return startingJourney({
    eventId: `${story}-${what}`,
    correlationId: story,
    occurredAt: clock.now(),
    project,
    actor: { type: 'service', id: 'feature-store' },
  });
}
