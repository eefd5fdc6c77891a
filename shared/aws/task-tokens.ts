import { SendTaskFailureCommand, SendTaskSuccessCommand, SFNClient } from '@aws-sdk/client-sfn';
import { logger } from '#shared/telemetry/logger.ts';

/** Answers the states that wait with a task token. A token that is gone (answered, timed out, execution ended) is logged, not an error: somebody else decided first. */
export interface TaskTokens {
  succeed(taskToken: string, output: unknown): Promise<void>;
  /** `code` is what the machine’s Catch matches, `cause` what a person reads. */
  fail(taskToken: string, code: string, cause: string): Promise<void>;
}

/** Step Functions takes at most 256 characters of error and 32,768 of cause. */
const maxErrorLength = 256;
const maxCauseLength = 32_768;

const goneTokens = new Set(['TaskTimedOut', 'InvalidToken', 'TaskDoesNotExist']);

export function createTaskTokens(client = new SFNClient({})): TaskTokens {
  const send = async (command: SendTaskSuccessCommand | SendTaskFailureCommand): Promise<void> => {
    try {
      await client.send(command as SendTaskSuccessCommand);
    } catch (error) {
      if (!(error instanceof Error && goneTokens.has(error.name))) throw error;
      logger.info('The task token is gone; its state was decided otherwise.', { reason: error.name });
    }
  };
  return {
    succeed: (taskToken, output) =>
      send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) })),
    fail: (taskToken, code, cause) =>
      send(
        new SendTaskFailureCommand({
          taskToken,
          error: code.slice(0, maxErrorLength),
          cause: cause.slice(0, maxCauseLength),
        }),
      ),
  };
}
