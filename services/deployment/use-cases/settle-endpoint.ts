import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Endpoint, Hosting, ReleaseStore, TaskTokens } from '../ports.ts';

/** An endpoint is written down before SageMaker is asked for it; by then the function that asks has ended. */
const creationSeconds = 600;

export interface SettleEndpointDeps {
  readonly store: ReleaseStore;
  readonly hosting: Hosting;
  readonly tokens: TaskTokens;
  readonly clock: Clock;
}

/**
 * Looks what became of an endpoint that somebody waits for, and answers. What the event said does not matter: events come
 * twice, late, or not at all; SageMaker is asked.
 */
export async function settleEndpoint(deps: SettleEndpointDeps, endpointName: string): Promise<void> {
  const endpoint = await deps.store.readEndpoint(endpointName);
  if (!endpoint?.taskToken) return;
  const state = await deps.hosting.describe(endpointName);
  if (state.status === 'changing' || (state.status === 'absent' && isNew(endpoint, deps.clock))) return;
  const { taskToken } = endpoint;
  if (state.status === 'in_service') {
    await deps.tokens.succeed(taskToken, { endpointName });
    return markSettled(deps, endpoint, 'in_service');
  }
  const reason =
    state.status === 'failed' ? state.reason : 'The endpoint does not exist: somebody deleted it.';
  await deps.tokens.fail(taskToken, 'EndpointFailed', `Endpoint ${endpointName}: ${reason}`);
  await markSettled(deps, endpoint, 'failed');
}

/** Where a retry put another token meanwhile, that one stays: the retry looks by itself. */
async function markSettled(
  { store, clock }: SettleEndpointDeps,
  { taskToken, ...rest }: Endpoint,
  status: 'in_service' | 'failed',
): Promise<void> {
  const endpoint = { ...rest, status, changedAt: clock.now().toISOString() };
  try {
    await store.commit({ endpoint, ...(taskToken ? { endpointToken: taskToken } : {}), events: [] });
  } catch (error) {
    if (!(error instanceof AppError && error.code === 'SomebodyElseWaits')) throw error;
  }
}

const isNew = ({ changedAt }: Endpoint, clock: Clock): boolean =>
  clock.now().getTime() - Date.parse(changedAt) < creationSeconds * 1000;
