import {
  DescribeExecutionCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { ended, execute, freshName, machine, type StatesSubject, start, task } from './subject.ts';

const waits = machine({ A: { Type: 'Wait', Seconds: 10, End: true } });
const passes = machine({ A: { Type: 'Pass', End: true } });

async function starter(subject: StatesSubject, definition: object) {
  const stateMachineArn = await subject.makeMachine(freshName(), definition);
  return {
    stateMachineArn,
    begin: (name: string, input = '{}') =>
      subject.client.send(new StartExecutionCommand({ stateMachineArn, name, input })),
  };
}

/** Executions: names, ends, lists, history. */
export const executionSuite: WireSuite<StatesSubject> = {
  'starts an execution once per name and input while it runs': async (subject) => {
    const { begin } = await starter(subject, waits);
    const [first, second] = [await begin('one', '{"a":1}'), await begin('one', '{"a":1}')];
    expect(second).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
    await subject.client.send(new StopExecutionCommand({ executionArn: first.executionArn }));
  },

  'refuses a name that another input has': async (subject) => {
    const { begin } = await starter(subject, waits);
    const { executionArn } = await begin('one', '{"a":1}');
    await expect(begin('one', '{}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await subject.client.send(new StopExecutionCommand({ executionArn }));
  },

  'refuses the name of an execution that has ended': async (subject) => {
    const { begin } = await starter(subject, passes);
    const { executionArn = '' } = await begin('one');
    await ended(subject, executionArn);
    await expect(begin('one')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  },

  'refuses a name with a space': async (subject) => {
    const { begin } = await starter(subject, passes);
    await expect(begin('a b')).rejects.toMatchObject({ name: 'InvalidName' });
  },

  'refuses an input that is no JSON': async (subject) => {
    const { begin } = await starter(subject, passes);
    await expect(begin('a', '{')).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  },

  'stops an execution with an error and a cause': async (subject) => {
    const { executionArn } = await start(subject, waits);
    const stop = new StopExecutionCommand({ executionArn, error: 'Cancelled', cause: 'enough' });
    await subject.client.send(stop);
    expect(await ended(subject, executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Cancelled',
      cause: 'enough',
    });
  },

  'lists executions by status and page by page': async (subject) => {
    const { client } = subject;
    const { stateMachineArn, begin } = await starter(subject, passes);
    for (const name of ['1', '2', '3']) await ended(subject, (await begin(name)).executionArn ?? '');
    const list = (more: object) => client.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
    const first = await list({ maxResults: 2 });
    const second = await list({ maxResults: 2, nextToken: first.nextToken });
    expect([first.executions?.length, second.executions?.length, second.nextToken]).toEqual([
      2,
      1,
      undefined,
    ]);
    expect((await list({ statusFilter: 'FAILED' })).executions).toEqual([]);
    expect((await list({ statusFilter: 'SUCCEEDED' })).executions).toHaveLength(3);
  },

  'pages through the history, in both directions': async (subject) => {
    const { executionArn } = await execute(subject, passes, { a: 1 });
    const read = (more: object) =>
      subject.client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
    const first = await read({ maxResults: 3 });
    const rest = await read({ maxResults: 3, nextToken: first.nextToken });
    expect([...(first.events ?? []), ...(rest.events ?? [])].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const reversed = await read({ reverseOrder: true, maxResults: 1 });
    const [last] = reversed.events ?? [];
    expect(last?.type).toBe('ExecutionSucceeded');
    expect(JSON.parse(last?.executionSucceededEventDetails?.output ?? '')).toEqual({ a: 1 });
  },

  'redrives a failed execution from the state that failed': async (subject) => {
    let isFixed = false;
    const calls: string[] = [];
    const work = (name: string) => () => {
      calls.push(name);
      return isFixed || name === 'good' ? { value: name } : { error: 'Oops', message: 'x' };
    };
    const definition = machine({
      A: task(subject, work('good'), { Next: 'B' }),
      B: task(subject, work('bad'), { End: true }),
    });
    const { executionArn, status } = await execute(subject, definition);
    expect(status).toBe('FAILED');
    isFixed = true;
    await subject.client.send(new RedriveExecutionCommand({ executionArn }));
    expect(await ended(subject, executionArn)).toMatchObject({ status: 'SUCCEEDED', redriveCount: 1 });
    expect(calls).toEqual(['good', 'bad', 'bad']);
  },

  'describes a machine': async (subject) => {
    const stateMachineArn = await subject.makeMachine(freshName(), passes);
    const described = await subject.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({ stateMachineArn, status: 'ACTIVE', type: 'STANDARD' });
    expect(JSON.parse(described.definition ?? '')).toEqual(passes);
  },

  'says that a machine or an execution does not exist': async (subject) => {
    const { client } = subject;
    const { stateMachineArn, executionArn } = await start(subject, passes);
    await expect(
      client.send(new DescribeStateMachineCommand({ stateMachineArn: `${stateMachineArn}x` })),
    ).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(
      client.send(new DescribeExecutionCommand({ executionArn: `${executionArn}x` })),
    ).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
  },
};
