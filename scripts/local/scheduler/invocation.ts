import { randomUUID } from 'node:crypto';
import { assumedRole, type RuntimeContext } from '../emulated-service.ts';
import type { Delivery } from '../events/delivery.ts';
import type { TargetAddress } from '../events/target.ts';
import type { Schedule } from './schedule-store.ts';

/** Where an invocation goes, and on behalf of what. */
export interface InvocationTarget extends TargetAddress {
  readonly scheduleArn: string;
  readonly executionId: string;
}

const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;

/** The delivery that invokes a schedule's target for one of its times. */
export function invocationOf(
  schedule: Schedule,
  scheduledMs: number,
  context: Pick<RuntimeContext, 'now' | 'region' | 'accountId'>,
): Omit<Delivery<InvocationTarget>, 'id' | 'attempts'> {
  const { Arn, RoleArn, RetryPolicy, DeadLetterConfig } = schedule.target;
  const executionId = randomUUID();
  const scheduledTime = `${new Date(scheduledMs).toISOString().slice(0, 19)}Z`;
  const input = inputText(schedule, executionId, scheduledTime, context);
  const nowMs = context.now();
  const queueArn = DeadLetterConfig?.Arn;
  return {
    target: { arn: Arn, roleArn: RoleArn, scheduleArn: schedule.arn, executionId },
    payload: parseInput(input),
    retryPolicy: {
      maximumRetryAttempts: RetryPolicy?.MaximumRetryAttempts ?? DEFAULT_ATTEMPTS,
      maximumEventAgeSeconds: RetryPolicy?.MaximumEventAgeInSeconds ?? DEFAULT_AGE_SECONDS,
    },
    createdMs: nowMs,
    dueMs: nowMs,
    ...(queueArn === undefined
      ? {}
      : {
          deadLetter: {
            queueArn,
            body: input,
            attributes: {
              SCHEDULE_ARN: schedule.arn,
              TARGET_ARN: Arn,
              EXECUTION_ID: executionId,
              SCHEDULED_TIME: scheduledTime,
              IS_PAYLOAD_TRUNCATED: 'false',
            },
            principal: assumedRole(context.accountId, RoleArn, executionId),
          },
        }),
  };
}

/** The schedule's Input with its context attributes filled in, or the event that Scheduler sends without one. */
function inputText(
  schedule: Schedule,
  executionId: string,
  scheduledTime: string,
  { region, accountId }: Pick<RuntimeContext, 'region' | 'accountId'>,
): string {
  const { Input } = schedule.target;
  if (Input === undefined) {
    return JSON.stringify({
      version: '0',
      id: executionId,
      'detail-type': 'Scheduled Event',
      source: 'aws.scheduler',
      account: accountId,
      time: scheduledTime,
      region,
      resources: [schedule.arn],
      detail: '{}',
    });
  }
  return Input.replaceAll('<aws.scheduler.schedule-arn>', schedule.arn)
    .replaceAll('<aws.scheduler.scheduled-time>', scheduledTime)
    .replaceAll('<aws.scheduler.execution-id>', executionId)
    .replaceAll('<aws.scheduler.attempt-number>', '1');
}

/** An Input need not be JSON; other text goes as one JSON string. */
function parseInput(input: string): unknown {
  try {
    return JSON.parse(input) as unknown;
  } catch {
    return input;
  }
}
