import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { EventEntry, LambdaResult, Principal } from '../emulated-service.ts';
import { type ServeOptions, serveServices } from '../testing/serve-one.ts';
import { createStates } from './index.ts';

const ACCOUNT = '000000000000';
export const functionArn = (name: string) => `arn:aws:lambda:us-east-1:${ACCOUNT}:function:${name}`;
export const machineArn = (name: string) => `arn:aws:states:us-east-1:${ACCOUNT}:stateMachine:${name}`;
export const roleArn = `arn:aws:iam::${ACCOUNT}:role/machine`;
export const invokeArn = 'arn:aws:states:::lambda:invoke';

/** Stands for a Lambda function; what it throws an object as is its function error. */
export type FunctionDouble = (payload: never, principal: Principal) => unknown;

/** An error of a function's own code, as Lambda reports it. */
export class FunctionError extends Error {
  readonly result: LambdaResult;
  constructor(errorType: string, errorMessage: string) {
    super(errorMessage);
    this.result = { functionError: 'Unhandled', payload: { errorType, errorMessage } };
  }
}

/** Serves Step Functions with doubles for all around it, and the client to speak to it. */
export async function serveStates(functions: Record<string, FunctionDouble>, options: ServeOptions = {}) {
  const published: EventEntry[] = [];
  const metrics: string[] = [];
  const calls: string[] = [];
  const served = await serveServices([createStates], {
    ...options,
    apis: {
      ...options.apis,
      lambda: {
        invoke: async (name, payload, { principal }) => {
          const short = name.split(':').at(-1) ?? name;
          calls.push(short);
          const double = functions[short];
          if (double === undefined) throw new Error(`no function ${short}`);
          try {
            return { payload: await double(payload as never, principal) };
          } catch (error) {
            if (error instanceof FunctionError) return error.result;
            throw error;
          }
        },
      },
      events: { publish: async (entries) => void published.push(...entries) },
      cloudwatch: {
        putMetricData: (_namespace, points) => void metrics.push(...points.map(({ name }) => name)),
      },
    },
  });
  const [states] = served.services;
  const client = new SFNClient({
    endpoint: served.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts: 1,
  });
  const provision = (name: string, definition: unknown) =>
    states.provision({
      stackName: 'test',
      logicalId: 'Machine',
      type: 'AWS::StepFunctions::StateMachine',
      properties: { StateMachineName: name, RoleArn: roleArn, DefinitionString: JSON.stringify(definition) },
    });
  const close = async () => {
    client.destroy();
    await served.close();
  };
  return { ...served, close, states, client, provision, published, metrics, calls };
}

export type ServedStates = Awaited<ReturnType<typeof serveStates>>;

/** A JSONata machine that starts at its first state. */
export function machine(states: Record<string, unknown>, more: Record<string, unknown> = {}) {
  return { QueryLanguage: 'JSONata', StartAt: Object.keys(states)[0], States: states, ...more };
}

/** Starts an execution of a machine made for it and waits for its end. */
export async function execute(served: ServedStates, definition: unknown, input: unknown = {}) {
  await served.provision('m', definition);
  const { executionArn } = await served.client.send(
    new StartExecutionCommand({ stateMachineArn: machineArn('m'), input: JSON.stringify(input) }),
  );
  return untilEnded(served, executionArn);
}

/** Waits until an execution has ended. */
export async function untilEnded(served: ServedStates, executionArn: string | undefined) {
  const described = await untilDescribed(served, executionArn, ({ status }) => status !== 'RUNNING');
  const output = described.output === undefined ? undefined : (JSON.parse(described.output) as unknown);
  return { ...described, output };
}

async function untilDescribed(
  { client }: ServedStates,
  executionArn: string | undefined,
  isReached: (described: DescribeExecutionCommandOutput) => boolean,
) {
  for (;;) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (isReached(described)) return described;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

/** Types of all events of an execution, in order. */
export async function historyTypes({ client }: ServedStates, executionArn: string | undefined) {
  const { events } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
  return (events ?? []).map(({ type }) => type);
}
