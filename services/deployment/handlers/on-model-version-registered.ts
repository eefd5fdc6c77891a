import { SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { ModelVersionRegistered } from '#events/registry.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { starterEnvironment } from '../env.ts';

const environment = readEnvironment(starterEnvironment);
const client = new SFNClient({});

/** Begins the release; the execution is named by the event, so that a second delivery begins nothing. */
export const handler = eventHandler(ModelVersionRegistered, async ({ detail: { metadata, data } }) => {
  const releaseId = metadata.eventId;
  try {
    await client.send(
      new StartExecutionCommand({
        stateMachineArn: environment.RELEASE_MACHINE_ARN,
        name: releaseId,
        input: JSON.stringify({ metadata, input: { releaseId, version: data } }),
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === 'ExecutionAlreadyExists')) throw error;
  }
});
