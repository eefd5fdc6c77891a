import { DescribeExecutionCommand, type SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import type { TrainingMachine } from '../ports.ts';

/** The training machine over the API of Step Functions. `machineArn` is of the state machine. */
export function createTrainingMachine(client: SFNClient, machineArn: string): TrainingMachine {
  return {
    async start(name, input) {
      try {
        await client.send(
          new StartExecutionCommand({ stateMachineArn: machineArn, name, input: JSON.stringify(input) }),
        );
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
      }
    },
    async status(name) {
      const executionArn = `${machineArn.replace(':stateMachine:', ':execution:')}:${name}`;
      try {
        const { status, error, cause } = await client.send(new DescribeExecutionCommand({ executionArn }));
        if (status === 'RUNNING' || status === 'PENDING_REDRIVE') return { status: 'running' };
        if (status === 'SUCCEEDED') return { status: 'succeeded' };
        return { status: 'failed', cause: [status, error, cause].filter(Boolean).join(': ') };
      } catch (error) {
        if (error instanceof Error && error.name === 'ExecutionDoesNotExist') return { status: 'absent' };
        throw error;
      }
    },
  };
}
