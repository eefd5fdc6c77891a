import {
  CreateActivityCommand,
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  ListExecutionsCommand,
  ListStateMachinesCommand,
  RedriveExecutionCommand,
  StartExecutionCommand,
  StopExecutionCommand,
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

  it('keeps variables through states and evaluates Output beside Assign, not after it', async () => {
    served = await serveStates({});
    const definition = machine({
      A: { Type: 'Pass', Assign: { x: 1, y: '{% $states.input.start %}' }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $x + 1 %}' }, Output: '{% $x %}', Next: 'C' },
      C: pass({ Output: { before: '{% $states.input %}', x: '{% $x %}', y: '{% $y %}' } }),
    });
    expect((await execute(served, definition, { start: 'z' })).output).toEqual({ before: 1, x: 2, y: 'z' });
  });

  it('takes the first choice that holds, with its own Assign and Output, else the default', async () => {
    served = await serveStates({});
    const definition = machine({
      A: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'End', Output: 'big' },
          { Condition: '{% $states.input.n > 5 %}', Next: 'End', Output: 'middle', Assign: { seen: true } },
        ],
        Default: 'End',
        Output: 'small',
      },
      End: { Type: 'Succeed', Output: '{% $states.input & ($exists($seen) ? "!" : "") %}' },
    });
    expect((await execute(served, definition, { n: 11 })).output).toBe('big');
    expect((await execute(served, definition, { n: 6 })).output).toBe('middle!');
    expect((await execute(served, definition, { n: 1 })).output).toBe('small');
  });

  it('offers execution, state and machine in the context object', async () => {
    served = await serveStates({});
    const { output, executionArn } = await execute(
      served,
      machine({ A: pass({ Output: '{% $states.context %}' }) }),
      [1],
    );
    expect(output).toMatchObject({
      Execution: { Id: executionArn, Input: [1], RoleArn: roleArn, StartTime: expect.stringMatching(/Z$/) },
      State: { Name: 'A', RetryCount: 0 },
      StateMachine: { Id: machineArn('m'), Name: 'm' },
    });
  });

  it('fails with the error and cause of a Fail state', async () => {
    served = await serveStates({});
    const definition = machine({ A: { Type: 'Fail', Error: "{% 'E' & 1 %}", Cause: 'why' } });
    expect(await execute(served, definition)).toMatchObject({ status: 'FAILED', error: 'E1', cause: 'why' });
  });

  it('retries the errors that a retrier names and then catches', async () => {
    let calls = 0;
    served = await serveStates({
      f: () => {
        calls += 1;
        throw new FunctionError(calls < 3 ? 'Busy' : 'Broken', 'no');
      },
    });
    const definition = machine({
      A: invoke('f', {
        Retry: [
          {
            ErrorEquals: ['Busy'],
            IntervalSeconds: 1,
            BackoffRate: 1,
            MaxDelaySeconds: 1,
            JitterStrategy: 'FULL',
          },
        ],
        Catch: [{ ErrorEquals: ['Broken'], Next: 'B', Output: { caught: '{% $states.errorOutput %}' } }],
        End: true,
      }),
      B: pass(),
    });
    const ended = await execute(served, definition);
    expect(calls).toBe(3);
    const cause = JSON.stringify({ errorType: 'Broken', errorMessage: 'no' });
    expect(ended.output).toEqual({ caught: { Error: 'Broken', Cause: cause } });
    const types = await historyTypes(served, ended.executionArn);
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(3);
    expect(types.filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
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

  it('fails a task that is slower than its timeout, which may be computed', async () => {
    served = await serveStates({ slow: () => new Promise(() => undefined) });
    const definition = machine({
      A: invoke('slow', {
        TimeoutSeconds: '{% $states.input.t %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], Next: 'B', Output: '{% $states.errorOutput.Error %}' }],
        End: true,
      }),
      B: pass(),
    });
    expect((await execute(served, definition, { t: 1 })).output).toBe('States.Timeout');
  });

  it('ends an execution that is slower than the machine may be', async () => {
    served = await serveStates({});
    const definition = machine({ A: { Type: 'Wait', Seconds: 60, End: true } }, { TimeoutSeconds: 1 });
    expect(await execute(served, definition)).toMatchObject({ status: 'TIMED_OUT' });
  });

  it('waits for seconds and for times', async () => {
    served = await serveStates({});
    const definition = machine({
      A: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'B' },
      B: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 30) %}', End: true },
    });
    const ended = await execute(served, definition, { s: 0.05 });
    expect(ended.status).toBe('SUCCEEDED');
    expect(Number(ended.stopDate) - Number(ended.startDate)).toBeGreaterThanOrEqual(75);
  });

  it('runs branches beside each other with the variables around them, and gives their outputs in order', async () => {
    served = await serveStates({});
    const branch = (name: string, value: string) => ({
      StartAt: name,
      States: { [name]: pass({ Output: value }) },
    });
    const definition = machine({
      A: { Type: 'Pass', Assign: { x: 5 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Arguments: { k: 2 },
        Branches: [branch('B', '{% $x * $states.input.k %}'), branch('C', 'c')],
        Output: '{% {"all": $states.result} %}',
        End: true,
      },
    });
    const ended = await execute(served, definition);
    expect(ended.output).toEqual({ all: [10, 'c'] });
    expect(await historyTypes(served, ended.executionArn)).toEqual(
      expect.arrayContaining(['ParallelStateStarted', 'ParallelStateSucceeded', 'ParallelStateExited']),
    );
  });

  it('stops the other branches when one fails', async () => {
    served = await serveStates({});
    const definition = machine({
      P: {
        Type: 'Parallel',
        Branches: [
          { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 60, End: true } } },
          { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Bad' } } },
        ],
        Catch: [{ ErrorEquals: ['Bad'], Next: 'Z', Output: 'caught' }],
        End: true,
      },
      Z: pass(),
    });
    expect((await execute(served, definition)).output).toBe('caught');
  });

  it('maps items through the processor, at most so many at once', async () => {
    let [now, most] = [0, 0];
    served = await serveStates({
      f: async ({ i, v }: { i: number; v: number }) => {
        now += 1;
        most = Math.max(most, now);
        await new Promise((resolve) => setTimeout(resolve, 10));
        now -= 1;
        return i * 100 + v;
      },
    });
    const definition = machine({
      M: {
        Type: 'Map',
        Items: '{% $states.input.list %}',
        ItemSelector: {
          i: '{% $states.context.Map.Item.Index %}',
          v: '{% $states.context.Map.Item.Value %}',
        },
        MaxConcurrency: 2,
        ItemProcessor: {
          StartAt: 'T',
          States: { T: invoke('f', { Output: '{% $states.result.Payload %}', End: true }) },
        },
        End: true,
      },
    });
    const ended = await execute(served, definition, { list: [7, 8, 9, 7, 8] });
    expect(ended.output).toEqual([7, 108, 209, 307, 408]);
    expect(most).toBe(2);
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

  it('runs the next state of a Map without items', async () => {
    served = await serveStates({});
    const processor = { StartAt: 'S', States: { S: { Type: 'Succeed' } } };
    const definition = machine({ M: { Type: 'Map', ItemProcessor: processor, End: true } });
    expect((await execute(served, definition, [])).output).toEqual([]);
  });

  it('catches a failed expression, and records it', async () => {
    served = await serveStates({ f: () => 1 });
    const definition = machine({
      A: invoke('f', {
        Output: '{% $states.result.Payload.missing %}',
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B', Output: '{% $states.errorOutput.Error %}' }],
        End: true,
      }),
      B: pass(),
    });
    const ended = await execute(served, definition);
    expect(ended.output).toBe('States.QueryEvaluationError');
    expect(await historyTypes(served, ended.executionArn)).toContain('EvaluationFailed');
  });

  it('fails a result beyond 256 KB, which States.ALL does not catch', async () => {
    served = await serveStates({ f: () => 'x'.repeat(262_144) });
    const catchAll = { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true };
    const ended = await execute(served, machine({ A: invoke('f', catchAll), B: pass() }));
    expect(ended).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
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

  it('runs a child execution and gives its parsed output', async () => {
    served = await serveStates({});
    await served.provision('child', machine({ A: pass({ Output: { got: '{% $states.input %}' } }) }));
    const definition = machine({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: machineArn('child'), Input: { a: 1 } },
        Output: '{% $states.result.Output %}',
        End: true,
      },
    });
    const ended = await execute(served, definition);
    expect(ended.output).toEqual({ got: { a: 1 } });
    expect(await historyTypes(served, ended.executionArn)).toContain('TaskSubmitted');
  });

  it('starts an execution once per name and input, and refuses the name for another', async () => {
    served = await serveStates({});
    await served.provision('m', machine({ A: { Type: 'Wait', Seconds: 60, End: true } }));
    const start = (name: string, input: string) =>
      served.client.send(new StartExecutionCommand({ stateMachineArn: machineArn('m'), name, input }));
    const [first, second] = [await start('one', '{"a":1}'), await start('one', '{"a":1}')];
    expect(second.executionArn).toBe(first.executionArn);
    expect(second.startDate).toEqual(first.startDate);
    await expect(start('one', '{}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
    await expect(start('a b', '{}')).rejects.toMatchObject({ name: 'InvalidName' });
    await expect(start('two', '{')).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
  });

  it('stops an execution and refuses its name afterwards', async () => {
    served = await serveStates({});
    await served.provision('m', machine({ A: { Type: 'Wait', Seconds: 60, End: true } }));
    const stateMachineArn = machineArn('m');
    const { executionArn } = await served.client.send(
      new StartExecutionCommand({ stateMachineArn, name: 'n' }),
    );
    await served.client.send(new StopExecutionCommand({ executionArn, error: 'Cancelled', cause: 'enough' }));
    expect(await untilEnded(served, executionArn)).toMatchObject({
      status: 'ABORTED',
      error: 'Cancelled',
      cause: 'enough',
    });
    await expect(
      served.client.send(new StartExecutionCommand({ stateMachineArn, name: 'n' })),
    ).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
  });

  it('lists executions newest first, by status and page by page', async () => {
    served = await serveStates({});
    for (const input of [1, 2, 3]) await execute(served, machine({ A: pass() }), input);
    const stateMachineArn = machineArn('m');
    const first = await served.client.send(new ListExecutionsCommand({ stateMachineArn, maxResults: 2 }));
    const { nextToken } = first;
    const second = await served.client.send(
      new ListExecutionsCommand({ stateMachineArn, maxResults: 2, nextToken }),
    );
    expect([first.executions?.length, second.executions?.length, second.nextToken]).toEqual([
      2,
      1,
      undefined,
    ]);
    const failed = await served.client.send(
      new ListExecutionsCommand({ stateMachineArn, statusFilter: 'FAILED' }),
    );
    expect(failed.executions).toEqual([]);
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
    const goodIsThrough = new Promise((resolve) => setTimeout(resolve, 20));
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
