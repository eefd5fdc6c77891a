import { AppError } from '#shared/kernel/errors.ts';
import type { CheckRequest, CheckStore, Consumed, Dispatcher } from '../ports.ts';

export interface RequestCheckDeps {
  readonly checks: CheckStore;
  readonly dispatcher: Dispatcher;
}

/**
 * Asks for a check of a version and lets the version's checks go on. An event that asked before asks for nothing new, but wakes
 * again: whoever handled it may have died between the two.
 */
export async function requestCheck(
  { checks, dispatcher }: RequestCheckDeps,
  request: CheckRequest,
  consumed?: Consumed,
): Promise<void> {
  try {
    await checks.request(request, consumed);
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'AlreadyConsumed') throw error;
  }
  await dispatcher.wake(request.project, request.datasetVersion);
}
