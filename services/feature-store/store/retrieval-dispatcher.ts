import { callFunction } from '#shared/aws/call-function.ts';
import { functionName } from '#shared/kernel/names.ts';
import type { RetrievalDispatcher } from '../ports.ts';

/** Calls functions of this service without waiting: Lambda tries each three times, and then puts the call to the dead letters. */
export function createRetrievalDispatcher(stage: string): RetrievalDispatcher {
  const call = (handler: string, project: string, retrievalId: string) =>
    callFunction(functionName(stage, 'feature-store', handler), { project, retrievalId });
  return {
    wake: (project, retrievalId) => call('plan-retrieval', project, retrievalId),
    invoke: (engine, { project, retrievalId }) => call(engine, project, retrievalId),
  };
}
