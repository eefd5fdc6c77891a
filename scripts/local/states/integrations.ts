import * as z from 'zod';
import { AwsError, assumedRole, type Principal, type RuntimeContext } from '../emulated-service.ts';
import { StateFailure } from './errors.ts';
import type { ExecutionHeader, ExecutionOutcome } from './execution.ts';
import type { TaskResource } from './resource.ts';
import type { TaskCall } from './step.ts';

/** What a task may start in this service itself. */
export interface ChildExecutions {
  /** Idempotent by name and input. */
  start(stateMachineArn: string, name: string, input: string): ExecutionHeader;
  /** Resolves when the execution has ended. */
  ended(
    executionArn: string,
  ): Promise<{ readonly header: ExecutionHeader; readonly outcome: ExecutionOutcome }>;
}

const invokeArguments = z.strictObject({
  FunctionName: z.string(),
  Payload: z.json().optional(),
  InvocationType: z.enum(['RequestResponse', 'Event']).optional(),
  Qualifier: z.string().optional(),
  LogType: z.enum(['None', 'Tail']).optional(),
});
const startArguments = z.strictObject({
  StateMachineArn: z.string(),
  Name: z.string().optional(),
  Input: z.json().optional(),
});

/**
 * Makes the calls of Task states, each under the role of the state machine.
 * @throws StateFailure with the error names that Step Functions gives: `Lambda.<code>` for a refusal by Lambda, the function's
 *   errorType for an error of its code, States.TaskFailed for a child execution
 */
export function createTaskCaller(context: RuntimeContext, children: ChildExecutions) {
  return async (resource: TaskResource, call: TaskCall): Promise<unknown> => {
    const principal = assumedRole(context.accountId, call.roleArn, call.executionName);
    switch (resource.kind) {
      case 'function':
        return (await invoke(context, resource.functionArn, call.arguments, 'RequestResponse', principal))
          .payload;
      case 'invoke':
        return invokeIntegration(context, call, principal);
      case 'startExecution':
        return startExecution(context, children, resource.mode, call, principal);
    }
  };
}

async function invokeIntegration(
  context: RuntimeContext,
  call: TaskCall,
  principal: Principal,
): Promise<unknown> {
  const given = parseArguments(invokeArguments, call.arguments);
  const name =
    given.Qualifier === undefined ? given.FunctionName : `${given.FunctionName}:${given.Qualifier}`;
  const type = given.InvocationType ?? 'RequestResponse';
  const { payload } = await invoke(context, name, given.Payload ?? {}, type, principal);
  if (type === 'Event') return { Payload: {}, StatusCode: 202 };
  return { ExecutedVersion: '$LATEST', Payload: payload, StatusCode: 200 };
}

async function invoke(
  context: RuntimeContext,
  functionName: string,
  payload: unknown,
  type: 'RequestResponse' | 'Event',
  principal: Principal,
): Promise<{ payload: unknown }> {
  const result = await context.lambda
    .invoke(functionName, payload, { type, principal })
    .catch((error: unknown) => {
      throw asTaskFailure('Lambda', error);
    });
  if (result.functionError === undefined) return { payload: result.payload ?? null };
  const errorType = errorTypeOf(result.payload);
  throw new StateFailure(errorType ?? 'Lambda.Unknown', JSON.stringify(result.payload));
}

function errorTypeOf(payload: unknown): string | undefined {
  if (typeof payload !== 'object' || payload === null || !('errorType' in payload)) return undefined;
  return typeof payload.errorType === 'string' ? payload.errorType : undefined;
}

/** Lambda's AccessDeniedException has a name of its own in Step Functions. */
function asTaskFailure(service: 'Lambda' | 'StepFunctions', error: unknown): StateFailure {
  if (!(error instanceof AwsError)) {
    return new StateFailure(
      `${service}.SdkClientException`,
      error instanceof Error ? error.message : String(error),
    );
  }
  const isDenied = service === 'Lambda' && error.name === 'AccessDeniedException';
  const code = isDenied ? 'AWSLambdaException' : error.name;
  return new StateFailure(
    `${service}.${code}`,
    `${error.message} (Service: ${service}, Status Code: ${error.status})`,
  );
}

async function startExecution(
  context: RuntimeContext,
  children: ChildExecutions,
  mode: 'request' | 'sync' | 'syncParsed' | 'token',
  call: TaskCall,
  principal: Principal,
): Promise<unknown> {
  const given = parseArguments(startArguments, call.arguments);
  let child: ExecutionHeader;
  try {
    context.iam.demand(principal, [{ action: 'states:StartExecution', resource: given.StateMachineArn }]);
    child = children.start(
      given.StateMachineArn,
      given.Name ?? call.attemptId,
      JSON.stringify(given.Input ?? {}),
    );
  } catch (error) {
    throw asTaskFailure('StepFunctions', error);
  }
  const started = { ExecutionArn: child.executionArn, StartDate: new Date(child.startDateMs).toISOString() };
  if (mode === 'request' || mode === 'token') return started;
  call.accepted(started);
  const { header, outcome } = await children.ended(child.executionArn);
  const read = (text: string | undefined): unknown =>
    text === undefined || mode === 'sync' ? text : (JSON.parse(text) as unknown);
  const described = {
    ExecutionArn: header.executionArn,
    Input: read(header.input),
    InputDetails: { Included: true },
    Name: header.name,
    ...(outcome.output === undefined
      ? {}
      : { Output: read(outcome.output), OutputDetails: { Included: true } }),
    ...(outcome.error === undefined ? {} : { Error: outcome.error }),
    ...(outcome.cause === undefined ? {} : { Cause: outcome.cause }),
    StartDate: header.startDateMs,
    StateMachineArn: header.stateMachineArn,
    Status: outcome.status,
    StopDate: outcome.stopDateMs,
  };
  if (outcome.status === 'SUCCEEDED') return described;
  throw new StateFailure('States.TaskFailed', JSON.stringify(described));
}

function parseArguments<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new StateFailure(
    'States.Runtime',
    `The Arguments of the task are not valid: ${z.prettifyError(parsed.error)}`,
  );
}
