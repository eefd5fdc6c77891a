import * as z from 'zod';
import { AwsError, UnsupportedResource } from '../emulated-service.ts';
import { parseSchedule } from '../events/schedule-expression.ts';
import { targetService } from '../events/target.ts';
import type { ScheduleSettings } from './schedule-store.ts';

const TYPE = 'AWS::Scheduler::Schedule';

/** A time in the template's form or, over the wire, in seconds. */
const time = z.union([
  z.number().transform((seconds) => seconds * 1000),
  z.iso.datetime().transform((text) => Date.parse(text)),
]);

const target = z.looseObject({
  Arn: z.string().min(1),
  RoleArn: z.string().min(1),
  Input: z.string().optional(),
  RetryPolicy: z
    .looseObject({
      MaximumRetryAttempts: z.int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.looseObject({ Arn: z.string().optional() }).optional(),
});
const settings = z.looseObject({
  ScheduleExpression: z.string(),
  ScheduleExpressionTimezone: z.string().optional(),
  FlexibleTimeWindow: z.looseObject({
    Mode: z.enum(['OFF', 'FLEXIBLE']),
    MaximumWindowInMinutes: z.int().min(1).max(1440).optional(),
  }),
  State: z.enum(['ENABLED', 'DISABLED']).optional(),
  StartDate: time.optional(),
  EndDate: time.optional(),
  Target: target,
  ActionAfterCompletion: z.enum(['NONE', 'DELETE']).optional(),
  Description: z.string().max(512).optional(),
});
const IMITATED_MEMBERS = new Set(Object.keys(target.shape));

/**
 * Reads and checks a schedule. A flexible window is kept but not used: invoking at its start is always within it.
 * @throws AwsError ValidationException, or UnsupportedResource for a target that the laptop runtime does not call
 */
export function readSettings(given: unknown): ScheduleSettings {
  const parsed = settings.safeParse(given);
  if (!parsed.success) throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  const { data } = parsed;
  const timeZone = data.ScheduleExpressionTimezone ?? 'UTC';
  parseSchedule(data.ScheduleExpression, timeZone);
  const unknown = Object.keys(data.Target).filter((member) => !IMITATED_MEMBERS.has(member));
  if (unknown.length > 0)
    throw new UnsupportedResource(TYPE, `${unknown.join(', ')} of the target`, 'Leave it out.');
  targetService(TYPE, data.Target.Arn, ['lambda', 'states', 'sqs']);
  return {
    expression: data.ScheduleExpression,
    timeZone,
    flexibleTimeWindow: data.FlexibleTimeWindow,
    isEnabled: data.State !== 'DISABLED',
    startMs: data.StartDate,
    endMs: data.EndDate,
    target: data.Target,
    isDeletedAfterCompletion: data.ActionAfterCompletion === 'DELETE',
    description: data.Description,
  };
}
