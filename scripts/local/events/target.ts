import { AwsError, assumedRole, type RuntimeContext, UnsupportedResource } from '../emulated-service.ts';

/** A target of a rule or a schedule: what it calls, and the role that it calls as. */
export interface TargetAddress {
  readonly arn: string;
  readonly roleArn?: string | undefined;
}

/** Who calls a target. */
export interface TargetCaller {
  /** Service principal: `events.amazonaws.com` or `scheduler.amazonaws.com`. */
  readonly service: string;
  /** The rule or schedule. */
  readonly sourceArn: string;
  /** The same for each attempt, so that a state machine starts one execution; at most 80 characters. */
  readonly executionName: string;
}

/** Services that a target can be, by the service part of its ARN; `lambda` a function, `states` a machine, `sqs` a standard queue. */
export type TargetService = 'lambda' | 'states' | 'sqs' | 'events' | 'logs';

/** The service of a target's ARN. @throws UnsupportedResource for others than the given ones */
export function targetService(type: string, arn: string, allowed: readonly TargetService[]): TargetService {
  const service = allowed.find((name) => name === arn.split(':')[2]);
  if (service !== undefined) return service;
  throw new UnsupportedResource(type, `the target ${arn}`, `Targets can be of ${allowed.join(', ')}.`);
}

/**
 * Hands a payload to a function, state machine or queue. Without a role the service itself calls and the target's own policy decides.
 * @throws AwsError when the target does not take it
 */
export async function callTarget(
  context: RuntimeContext,
  target: TargetAddress,
  payload: unknown,
  caller: TargetCaller,
): Promise<void> {
  const { service, sourceArn } = caller;
  const principal =
    target.roleArn === undefined
      ? ({ kind: 'service', service, sourceArn } as const)
      : assumeRole(context, target.roleArn, caller);
  switch (target.arn.split(':')[2]) {
    case 'lambda':
      await context.lambda.invoke(target.arn, payload, { type: 'Event', principal });
      return;
    case 'sqs':
      await context.sqs.sendMessage(target.arn, JSON.stringify(payload), { principal });
      return;
    case 'states':
      await startOnce(context, target.arn, payload, { name: caller.executionName, principal });
      return;
    default:
      throw new AwsError('ValidationException', `${target.arn} is not supported as a target`);
  }
}

function assumeRole(context: RuntimeContext, roleArn: string, caller: TargetCaller) {
  context.iam.assertAssumable(roleArn, caller.service);
  return assumedRole(context.accountId, roleArn, caller.executionName);
}

async function startOnce(
  context: RuntimeContext,
  stateMachineArn: string,
  input: unknown,
  options: Parameters<RuntimeContext['states']['startExecution']>[2],
): Promise<void> {
  try {
    await context.states.startExecution(stateMachineArn, input, options);
  } catch (error) {
    // An attempt before a crash did start it, and it has ended since.
    if (!(error instanceof AwsError) || error.name !== 'ExecutionAlreadyExists') throw error;
  }
}
