import { randomUUID } from 'node:crypto';
import {
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { Handler, Mailbox } from './mailbox.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What the cases of Step Functions work on. */
export interface StatesSubject {
  readonly client: SFNClient;
  readonly mailbox: Mailbox;
  /** The function of `function.mjs`, with ten seconds to answer. */
  readonly functionArn: string;
  /** Makes a state machine whose role may invoke the function and start executions. Resolves to its ARN. */
  makeMachine(name: string, definition: object): Promise<string>;
}

export const freshName = () => `wire-${randomUUID()}`;

/** A JSONata machine that starts at its first state. */
export const machine = (states: Fields, more: Fields = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...more,
});

/** A task that calls the function, which does what the handler says. */
export const task = (subject: StatesSubject, handler: Handler, more: Fields = {}) => ({
  Type: 'Task',
  Resource: 'arn:aws:states:::lambda:invoke',
  Arguments: {
    FunctionName: subject.functionArn,
    Payload: { url: subject.mailbox.address(handler), payload: '{% $states.input %}' },
  },
  ...more,
});

/** A task that gives its token to the handler and waits for the answer. */
export const tokenTask = (subject: StatesSubject, handler: Handler, more: Fields = {}) => ({
  ...task(subject, handler),
  Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
  Arguments: {
    FunctionName: subject.functionArn,
    Payload: {
      url: subject.mailbox.address(handler),
      payload: { token: '{% $states.context.Task.Token %}' },
    },
  },
  End: true,
  ...more,
});

/** Starts an execution of a machine made for it. */
export async function start(subject: StatesSubject, definition: object, input: unknown = {}) {
  const stateMachineArn = await subject.makeMachine(freshName(), definition);
  const command = new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) });
  const { executionArn = '' } = await subject.client.send(command);
  return { stateMachineArn, executionArn };
}

/** Waits until an execution has ended; its output is parsed. */
export async function ended({ client }: StatesSubject, executionArn: string) {
  for (;;) {
    const described = await client.send(new DescribeExecutionCommand({ executionArn }));
    if (described.status !== 'RUNNING') {
      const output = described.output === undefined ? undefined : (JSON.parse(described.output) as unknown);
      return { ...described, executionArn, output };
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

export const execute = async (subject: StatesSubject, definition: object, input: unknown = {}) =>
  await ended(subject, (await start(subject, definition, input)).executionArn);

/** Types of all events of an execution, in order. */
export async function historyTypes({ client }: StatesSubject, executionArn: string) {
  const history = new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 });
  return ((await client.send(history)).events ?? []).map(({ type }) => type);
}

/** A promise with its resolver, for what a handler learns. */
export function awaited<Value>() {
  const { promise, resolve } = Promise.withResolvers<Value>();
  return { promise, resolve };
}
