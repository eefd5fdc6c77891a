import {
  CreateActivityCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  ValidateStateMachineDefinitionCommand,
} from '@aws-sdk/client-sfn';
import { afterEach, describe, expect, it } from 'vitest';
import { AwsError } from '../emulated-service.ts';
import {
  execute,
  FunctionError,
  functionArn,
  historyTypes,
  invokeArn,
  machine,
  machineArn,
  roleArn,
  type ServedStates,
  serveStates,
  untilEnded,
} from './testing.ts';

let served: ServedStates;
afterEach(() => served.close());

const invoke = (name: string, more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: invokeArn,
  Arguments: { FunctionName: functionArn(name), Payload: '{% $states.input %}' },
  ...more,
});
const pass = (more: Record<string, unknown> = {}) => ({ Type: 'Pass', End: true, ...more });

describe('states', () => {
  it('invokes a function under the role of the machine and gives the integration result', async () => {
    let seen: unknown;
    served = await serveStates({
      double: ({ n }: { n: number }, principal) => {
        seen = principal;
        return { n: n * 2 };
      },
    });
    const ended = await execute(served, machine({ A: invoke('double', { End: true }) }), { n: 4 });
    expect(ended).toMatchObject({
      status: 'SUCCEEDED',
      output: { ExecutedVersion: '$LATEST', Payload: { n: 8 }, StatusCode: 200 },
    });
    expect(seen).toMatchObject({ kind: 'role', roleArn });
    expect(await historyTypes(served, ended.executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
    expect(served.published.map(({ detail }) => (detail as { status: string }).status)).toEqual([
      'RUNNING',
      'SUCCEEDED',
    ]);
    expect(served.metrics).toEqual(['ExecutionsStarted', 'ExecutionsSucceeded', 'ExecutionTime']);
  });

  it('gives the payload itself when the resource is a function ARN', async () => {
    served = await serveStates({ f: () => ['x'] });
    const ended = await execute(
      served,
      machine({ A: { Type: 'Task', Resource: functionArn('f'), End: true } }),
    );
    expect(ended.output).toEqual(['x']);
    expect(await historyTypes(served, ended.executionArn)).toContain('LambdaFunctionSucceeded');
  });

  it.each([
    ['TooManyRequestsException', 'Lambda.TooManyRequestsException'],
    ['AccessDeniedException', 'Lambda.AWSLambdaException'],
    ['ResourceNotFoundException', 'Lambda.ResourceNotFoundException'],
  ])('reports %s of Lambda as %s', async (code, error) => {
    served = await serveStates({
      f: () => {
        throw new AwsError(code, 'refused', 429);
      },
    });
    expect(await execute(served, machine({ A: invoke('f', { End: true }) }))).toMatchObject({
      status: 'FAILED',
      error,
    });
  });

  it('tolerates as many failed iterations as the Map says', async () => {
    served = await serveStates({});
    const definition = (tolerated: number) =>
      machine({
        M: {
          Type: 'Map',
          ToleratedFailureCount: tolerated,
          ItemProcessor: {
            StartAt: 'C',
            States: {
              C: {
                Type: 'Choice',
                Choices: [{ Condition: '{% $states.input > 1 %}', Next: 'F' }],
                Default: 'S',
              },
              F: { Type: 'Fail', Error: 'Big' },
              S: { Type: 'Succeed' },
            },
          },
          End: true,
        },
      });
    expect((await execute(served, definition(2), [1, 2, 3])).output).toEqual([1]);
    expect(await execute(served, definition(1), [1, 2, 3])).toMatchObject({
      status: 'FAILED',
      error: 'States.ExceedToleratedFailureThreshold',
    });
    expect(await execute(served, definition(0), [1, 2])).toMatchObject({ status: 'FAILED', error: 'Big' });
  });

  it('ends an execution that would write more than 25,000 events', async () => {
    served = await serveStates({});
    const definition = machine({
      A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'End' }], Default: 'A' },
      End: { Type: 'Succeed' },
    });
    expect(await execute(served, definition)).toMatchObject({
      status: 'FAILED',
      cause: 'The execution reached the maximum number of history events (25000).',
    });
  });

  it('pages through the history in both directions', async () => {
    served = await serveStates({});
    const { executionArn } = await execute(served, machine({ A: pass() }), { a: 1 });
    const read = (more: object) =>
      served.client.send(new GetExecutionHistoryCommand({ executionArn, ...more }));
    const first = await read({ maxResults: 3 });
    const rest = await read({ maxResults: 3, nextToken: first.nextToken });
    expect([...(first.events ?? []), ...(rest.events ?? [])].map(({ id }) => id)).toEqual([1, 2, 3, 4]);
    const reversed = await read({ reverseOrder: true, maxResults: 1 });
    expect(reversed.events?.[0]).toMatchObject({
      type: 'ExecutionSucceeded',
      executionSucceededEventDetails: { output: '{"a":1}' },
    });
    const bare = await read({ includeExecutionData: false });
    expect(bare.events?.[0]?.executionStartedEventDetails).toEqual({
      inputDetails: { truncated: false },
      roleArn,
    });
  });

  it('redrives a failed execution from the state that failed, branches that succeeded left alone', async () => {
    let isFixed = false;
    const goodIsThrough = new Promise((resolve) => setTimeout(resolve, 500));
    served = await serveStates({
      good: () => 'good',
      bad: async () => {
        await goodIsThrough;
        if (isFixed) return 'fixed';
        throw new FunctionError('Oops', 'x');
      },
    });
    const branch = (name: string) => ({
      StartAt: name,
      States: { [name]: invoke(name, { Output: '{% $states.result.Payload %}', End: true }) },
    });
    const definition = machine({
      P: { Type: 'Parallel', Branches: [branch('good'), branch('bad')], End: true },
    });
    const { executionArn, status } = await execute(served, definition);
    expect(status).toBe('FAILED');
    isFixed = true;
    await served.client.send(new RedriveExecutionCommand({ executionArn }));
    const ended = await untilEnded(served, executionArn);
    expect(ended).toMatchObject({ status: 'SUCCEEDED', output: ['good', 'fixed'], redriveCount: 1 });
    expect(served.calls).toEqual(['good', 'bad', 'bad']);
    expect(await historyTypes(served, executionArn)).toContain('ExecutionRedriven');
    await expect(served.client.send(new RedriveExecutionCommand({ executionArn }))).rejects.toMatchObject({
      name: 'ExecutionNotRedrivable',
    });
  });

  it('describes machines, validates definitions and refuses what it does not imitate', async () => {
    served = await serveStates({});
    const definition = machine({ A: pass() });
    await served.provision('m', definition);
    const stateMachineArn = machineArn('m');
    const described = await served.client.send(new DescribeStateMachineCommand({ stateMachineArn }));
    expect(described).toMatchObject({
      name: 'm',
      type: 'STANDARD',
      roleArn,
      definition: JSON.stringify(definition),
    });
    const listed = await served.client.send(new ListStateMachinesCommand({}));
    expect(listed.stateMachines?.map(({ name }) => name)).toEqual(['m']);
    const validated = await served.client.send(
      new ValidateStateMachineDefinitionCommand({ definition: '{}' }),
    );
    expect(validated.result).toBe('FAIL');
    await expect(
      served.client.send(new DescribeStateMachineCommand({ stateMachineArn: machineArn('x') })),
    ).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
    await expect(served.client.send(new CreateActivityCommand({ name: 'a' }))).rejects.toMatchObject({
      name: 'NotImplemented',
    });
    await expect(served.provision('m', machine({ A: { Type: 'Pass', Next: 'B' } }))).rejects.toThrow(
      "Missing 'Next' target: B at /States/A",
    );
  });
});
