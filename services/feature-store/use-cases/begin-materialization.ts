import { MaterializationRequested } from '#events/feature-store.ts';
import { causedBy, type DomainEvent } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { begun } from '../domain/materializer.ts';
import type {
  MaterializationRequest,
  MaterializationRun,
  MaterializationStore,
  Materializer,
  ViewKey,
} from '../ports.ts';

export interface MaterializerDeps {
  readonly store: MaterializationStore;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

/** What begins: all of it is saved together. */
export interface Beginning {
  readonly materializer: Materializer;
  readonly runs: readonly [MaterializationRun];
  readonly events: readonly [DomainEvent];
}

/** A materialization of all that is known now. */
export function beginRun(
  { clock, ids }: Pick<MaterializerDeps, 'clock' | 'ids'>,
  materializer: Materializer,
  request: MaterializationRequest,
): Beginning {
  const { project, view, version } = materializer;
  const requestedAt = clock.now().toISOString();
  const run: MaterializationRun = {
    materializationId: ids.next(),
    project,
    view,
    viewVersion: version,
    ...request,
    status: 'running',
    requestedAt,
    asOf: requestedAt,
    attempt: 1,
  };
  return startAttempt({ clock }, materializer, run);
}

/** The next execution of a materialization. */
export function startAttempt(
  { clock }: Pick<MaterializerDeps, 'clock'>,
  materializer: Materializer,
  run: MaterializationRun,
): Beginning {
  const { project, view, viewVersion: version, materializationId, mode, occasion, attempt, asOf } = run;
  const at = clock.now();
  const metadata = causedBy(run.metadata, {
    eventId: `${materializationId}-${attempt}-requested`,
    occurredAt: at,
    actor: { type: 'service', id: 'feature-store' },
  });
  return {
    materializer: begun(materializer, { materializationId, attempt, at }),
    runs: [run],
    events: [
      MaterializationRequested.create(
        { ...metadata, project },
        { project, view, version, materializationId, mode, occasion, attempt, asOf },
      ),
    ],
  };
}

const attempts = 5;

/** Tries again what another change of the same materializer came before. */
export async function againWhenChanged<Result>(change: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await change();
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'MaterializerChanged') || attempt === attempts)
        throw error;
    }
  }
}

export const keyOfRun = ({ project, view, viewVersion }: MaterializationRun): ViewKey => ({
  project,
  view,
  version: viewVersion,
});
