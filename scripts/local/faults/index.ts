import { createHash } from 'node:crypto';
import * as z from 'zod';
import { AwsError, type Faults } from '../emulated-service.ts';

const probability = z.number().min(0).max(1).default(0);
const channelFaults = z.strictObject({
  /** Delivered twice. */
  duplicate: probability,
  /** Never delivered. */
  drop: probability,
  /** Delivered late, by up to `delayMs`; facts that follow overtake it, which is how order is lost. */
  delay: probability,
  delayMs: z.number().int().min(1).max(600_000).default(2000),
});

/** Which faults happen, and how often. The same seed gives the same fate to the same fact. */
export const faultPlan = z.strictObject({
  seed: z.number().int().default(1),
  's3-event': channelFaults.optional(),
  bus: channelFaults.optional(),
  'sagemaker-event': channelFaults.optional(),
  stream: channelFaults.optional(),
  /** Probability of a ThrottlingException by signing name or `signing name:IAM action`, for calls through the AWS endpoint. */
  throttle: z.record(z.string(), z.number().min(0).max(1)).default({}),
});
export type FaultPlan = z.infer<typeof faultPlan>;

/** Nothing goes wrong. */
export const noFaults: Faults = { deliveries: () => [0], beforeCall: () => undefined };

/**
 * Reads the plan from the environment variable MILLRACE_FAULTS, JSON such as
 * `{"seed":7,"bus":{"duplicate":0.2},"throttle":{"dynamodb:PutItem":0.05}}`. Throws, naming the mistake, when it is not a plan.
 */
export function faultsFromEnvironment(text: string | undefined): Faults {
  if (text === undefined || text === '') return noFaults;
  let source: unknown;
  try {
    source = JSON.parse(text);
  } catch (cause) {
    throw new Error(`MILLRACE_FAULTS is not JSON: ${text}. Write e.g. {"bus":{"duplicate":0.2}}.`, { cause });
  }
  const parsed = faultPlan.safeParse(source);
  if (!parsed.success)
    throw new Error(`MILLRACE_FAULTS is not a fault plan: ${z.prettifyError(parsed.error)}`);
  return createFaults(parsed.data);
}

/** Faults that follow a plan. */
export function createFaults(plan: FaultPlan): Faults {
  const calls = new Map<string, number>();
  return {
    deliveries(channel, key) {
      const faults = plan[channel];
      if (faults === undefined) return [0];
      const fate = (what: string) => fraction(`${plan.seed}/${channel}/${key}/${what}`);
      if (fate('drop') < faults.drop) return [];
      const first = fate('delay') < faults.delay ? Math.ceil(fate('delayMs') * faults.delayMs) : 0;
      if (fate('duplicate') >= faults.duplicate) return [first];
      return [first, first + Math.ceil(fate('again') * faults.delayMs)];
    },
    beforeCall(signingName, action) {
      const share = plan.throttle[`${signingName}:${action}`] ?? plan.throttle[signingName] ?? 0;
      if (share === 0) return;
      const call = `${signingName}:${action}`;
      const count = (calls.get(call) ?? 0) + 1;
      calls.set(call, count);
      if (fraction(`${plan.seed}/${call}/${count}`) < share) {
        throw new AwsError('ThrottlingException', 'Rate exceeded', 400);
      }
    },
  };
}

/** A number in [0, 1) that depends on the text only. */
function fraction(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0) / 2 ** 32;
}
