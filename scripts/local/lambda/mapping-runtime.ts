import { setTimeout as delay } from 'node:timers/promises';
import type { Principal, RequiredPermission, RuntimeContext } from '../emulated-service.ts';
import { AwsError } from '../emulated-service.ts';
import { matchesPattern } from '../events/pattern.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import type { InvocationResult } from './invoker.ts';

/** What a running mapping needs of the service. */
export interface MappingHost {
  readonly context: RuntimeContext;
  /** Invokes the mapping's function with `{ Records }`; rejects when it cannot be invoked (throttled, gone). */
  invoke(records: readonly object[]): Promise<InvocationResult>;
  /** Identity of the function's role. */
  principal(): Principal;
  /** Milliseconds to wait before the nth retry (from 1) of what failed. */
  retryDelayMs(retry: number): number;
}

/** A mapping that polls its source until it is stopped. */
export interface RunningMapping {
  /** @throws AwsError InvalidParameterValueException when the function's role may not read the source */
  start(): Promise<void>;
  stop(): void;
}

/** How a function took a batch: the identifiers that failed, or all of them. */
export type BatchVerdict = { readonly failed: readonly string[] } | 'all-failed';

/**
 * Reads a function's answer to a batch ("Reporting batch item failures", Lambda Developer Guide): no list or an empty one is success; an
 * item without an identifier, or with one that is not in the batch, fails the whole batch.
 */
export function readVerdict(
  config: MappingConfig,
  result: InvocationResult,
  identifiers: readonly string[],
): BatchVerdict {
  if (result.failed) return 'all-failed';
  if (!config.reportsBatchItemFailures) return { failed: [] };
  const answer = JSON.parse(result.body.toString()) as {
    batchItemFailures?: { itemIdentifier?: unknown }[] | null;
  } | null;
  const failed = (answer?.batchItemFailures ?? []).map((item) => item.itemIdentifier);
  const known = failed.filter(
    (item): item is string => typeof item === 'string' && identifiers.includes(item),
  );
  return known.length === failed.length ? { failed: known } : 'all-failed';
}

/** Whether a record passes the mapping's filter criteria. */
export function passesFilters(config: MappingConfig, record: unknown): boolean {
  return config.filters.length === 0 || config.filters.some((pattern) => matchesPattern(pattern, record));
}

/** @throws AwsError InvalidParameterValueException, as AWS refuses to create the mapping */
export function demandAccess(host: MappingHost, permissions: readonly RequiredPermission[]): void {
  try {
    host.context.iam.demand(host.principal(), permissions);
  } catch (error) {
    const actions = permissions.map(({ action, resource }) => `${action} on ${resource}`).join(', ');
    throw new AwsError(
      'InvalidParameterValueException',
      `The function's execution role does not have permissions for the event source mapping: it needs ${actions} (${String(error)}). Grant them in the template.`,
    );
  }
}

/** Waits, or returns early when the signal fires. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds <= 0 || signal.aborted) return;
  await delay(milliseconds, undefined, { signal }).catch(() => undefined);
}
