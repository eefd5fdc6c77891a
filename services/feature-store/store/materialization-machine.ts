import { type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { MaterializationMachine } from '../ports.ts';

/** The machine `materialization` over the API of Step Functions. */
export function createMaterializationMachine(
  client: SFNClient,
  stateMachineArn: string,
): MaterializationMachine {
  return {
    async start(name, input) {
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
      }
    },
  };
}
