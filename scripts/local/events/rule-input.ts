import * as z from 'zod';
import { AwsError, UnsupportedResource } from '../emulated-service.ts';
import { assertValidPattern, type EventPattern } from './pattern.ts';
import type { Rule, RuleTarget } from './rule-store.ts';
import { parseSchedule } from './schedule-expression.ts';
import { targetService } from './target.ts';
import { assertTargetInput } from './target-input.ts';

const RULE_TYPE = 'AWS::Events::Rule';
/** EventBridge's greatest length of a pattern, in characters. */
const MAX_PATTERN_LENGTH = 4096;

const target = z.looseObject({
  Id: z.string().min(1).max(64),
  Arn: z.string().min(1),
  RoleArn: z.string().optional(),
  Input: z.string().max(8192).optional(),
  InputPath: z.string().optional(),
  InputTransformer: z
    .looseObject({ InputPathsMap: z.record(z.string(), z.string()).optional(), InputTemplate: z.string() })
    .optional(),
  RetryPolicy: z
    .looseObject({
      MaximumRetryAttempts: z.coerce.number().int().min(0).max(185).optional(),
      MaximumEventAgeInSeconds: z.coerce.number().int().min(60).max(86_400).optional(),
    })
    .optional(),
  DeadLetterConfig: z.looseObject({ Arn: z.string().optional() }).optional(),
});

const IMITATED_MEMBERS = new Set(Object.keys(target.shape));

/**
 * Reads and checks the targets of a rule.
 * @throws AwsError ValidationException, or UnsupportedResource for a target that the laptop runtime does not call
 */
export function readTargets(given: unknown): RuleTarget[] {
  const parsed = z
    .array(target)
    .max(5)
    .safeParse(given ?? []);
  if (!parsed.success) throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  for (const one of parsed.data) {
    const unknown = Object.keys(one).filter((member) => !IMITATED_MEMBERS.has(member));
    if (unknown.length > 0)
      throw new UnsupportedResource(RULE_TYPE, `${unknown.join(', ')} of a target`, 'Leave it out.');
    const service = targetService(RULE_TYPE, one.Arn, ['lambda', 'states', 'sqs', 'events', 'logs']);
    if (service === 'states' && one.RoleArn === undefined) {
      throw new AwsError('ValidationException', `RoleArn is required for target ${one.Arn}.`);
    }
    assertTargetInput(one);
  }
  return parsed.data;
}

/**
 * Reads and checks when a rule applies.
 * @param pattern an object or its JSON text
 * @throws AwsError InvalidEventPatternException or ValidationException
 */
export function readTrigger(
  pattern: unknown,
  scheduleExpression: string | undefined,
  busName: string,
): Pick<Rule, 'pattern' | 'scheduleExpression'> {
  if (pattern === undefined && scheduleExpression === undefined) {
    throw new AwsError(
      'ValidationException',
      'Parameter(s) EventPattern or ScheduleExpression must be specified.',
    );
  }
  if (scheduleExpression !== undefined) {
    if (busName !== 'default') {
      throw new AwsError(
        'ValidationException',
        'ScheduleExpression is supported only on the default event bus.',
      );
    }
    const schedule = parseSchedule(scheduleExpression);
    if (schedule.isOneTime) {
      throw new AwsError(
        'ValidationException',
        `Parameter ScheduleExpression is not valid: ${scheduleExpression}`,
      );
    }
  }
  return { pattern: pattern === undefined ? undefined : readPattern(pattern), scheduleExpression };
}

/** @throws AwsError InvalidEventPatternException */
export function readPattern(pattern: unknown): EventPattern {
  const text = typeof pattern === 'string' ? pattern : JSON.stringify(pattern);
  if (text.length > MAX_PATTERN_LENGTH) {
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is longer than ${MAX_PATTERN_LENGTH} characters.`,
    );
  }
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new AwsError(
      'InvalidEventPatternException',
      `Event pattern is not valid. Reason: ${String(error)}`,
    );
  }
  assertValidPattern(parsed);
  return parsed;
}
