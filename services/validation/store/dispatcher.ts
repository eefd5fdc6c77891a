import { callFunction } from '#shared/aws/call-function.ts';
import { functionName } from '#shared/kernel/names.ts';
import type { Dispatcher } from '../ports.ts';

/** Calls functions of this service without waiting. */
export function createDispatcher(stage: string): Dispatcher {
  const call = (handler: string, payload: unknown) =>
    callFunction(functionName(stage, 'validation', handler), payload);
  return {
    wake: (project, datasetVersion) => call('plan-check', { project, datasetVersion }),
    invoke: (engine, { project, datasetVersion, checkId }) =>
      call(engine, { project, datasetVersion, checkId }),
  };
}
