import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { functionName } from '#shared/kernel/names.ts';
import type { Dispatcher } from '../ports.ts';

/** Calls functions of this service without waiting: Lambda tries each three times, and then puts the call to the dead letters. */
export function createDispatcher(stage: string): Dispatcher {
  const client = new LambdaClient({});
  const invoke = async (handler: string, payload: unknown): Promise<void> => {
    await client.send(
      new InvokeCommand({
        FunctionName: functionName(stage, 'validation', handler),
        InvocationType: 'Event',
        Payload: Buffer.from(JSON.stringify(payload)),
      }),
    );
  };
  return {
    wake: (project, datasetVersion) => invoke('plan-check', { project, datasetVersion }),
    invoke: (engine, { project, datasetVersion, checkId }) =>
      invoke(engine, { project, datasetVersion, checkId }),
  };
}
