import { SFNClient, StartExecutionCommand, StopExecutionCommand } from '@aws-sdk/client-sfn';
import type { ReleaseExecutionInput } from '#services/deployment/contract.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { ReleaseStarter } from '../ports.ts';

/** Step Functions takes so much. */
const maxCauseLength = 32_768;

/** Starts executions of the release machine, named by the event that begins them: a second delivery begins nothing. Stops them, too. */
export function createReleaseStarter(stateMachineArn: string): ReleaseStarter {
  const client = new SFNClient({});
  return {
    async begin(metadata: EventMetadata, version: ReleaseExecutionInput['version']) {
      const releaseId = metadata.eventId;
      const input = JSON.stringify({ metadata, input: { releaseId, version } });
      try {
        await client.send(new StartExecutionCommand({ stateMachineArn, name: releaseId, input }));
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
      }
    },
    async stop(releaseId, reason) {
      const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${releaseId}`;
      const cause = reason.slice(0, maxCauseLength);
      try {
        await client.send(new StopExecutionCommand({ executionArn, error: 'VersionQuarantined', cause }));
      } catch (error) {
        if (!(error instanceof Error && error.name === 'ExecutionDoesNotExist')) throw error;
      }
    },
  };
}
