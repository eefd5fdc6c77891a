import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { execute, historyTypes, machine, type StatesSubject, task } from './subject.ts';

const end = (more: object = {}) => ({ Type: 'Pass', End: true, ...more });
const branch = (name: string, state: object) => ({ StartAt: name, States: { [name]: state } });

const choosing = machine({
  A: {
    Type: 'Choice',
    Choices: [
      { Condition: '{% $states.input.n > 10 %}', Next: 'End', Output: 'big' },
      { Condition: '{% $states.input.n > 5 %}', Next: 'End', Output: 'middle', Assign: { seen: true } },
    ],
    Default: 'End',
    Output: 'small',
  },
  End: end({ Output: '{% $states.input & ($exists($seen) ? "!" : "") %}' }),
});

/** JSONata data flow, choices, parallel branches and maps. */
export const flowSuite: WireSuite<StatesSubject> = {
  'keeps variables through states, and evaluates Output beside Assign, not after it': async (subject) => {
    const definition = machine({
      A: { Type: 'Pass', Assign: { x: 1, y: '{% $states.input.start %}' }, Next: 'B' },
      B: { Type: 'Pass', Assign: { x: '{% $x + 1 %}' }, Output: '{% $x %}', Next: 'C' },
      C: end({ Output: { before: '{% $states.input %}', x: '{% $x %}', y: '{% $y %}' } }),
    });
    const { output } = await execute(subject, definition, { start: 'z' });
    expect(output).toEqual({ before: 1, x: 2, y: 'z' });
  },

  'gives the result of the integration, and keeps a part of it': async (subject) => {
    const double = ({ n }: { n: number }) => ({ value: { n: n * 2 } });
    const definition = machine({
      A: task(subject, double, { Assign: { got: '{% $states.result.Payload.n %}' }, Next: 'B' }),
      B: end({ Output: { got: '{% $got %}', result: '{% $states.input %}' } }),
    });
    expect((await execute(subject, definition, { n: 4 })).output).toEqual({
      got: 8,
      result: expect.objectContaining({ ExecutedVersion: '$LATEST', Payload: { n: 8 }, StatusCode: 200 }),
    });
  },

  'takes the first choice that holds, with its own Assign and Output': async (subject) => {
    expect((await execute(subject, choosing, { n: 11 })).output).toBe('big');
    expect((await execute(subject, choosing, { n: 6 })).output).toBe('middle!');
  },

  'takes the default where no choice holds, with the Output of the state': async (subject) => {
    expect((await execute(subject, choosing, { n: 1 })).output).toBe('small');
  },

  'evaluates the Output of a Succeed state': async (subject) => {
    const definition = machine({ A: { Type: 'Succeed', Output: '{% $states.input.a + 1 %}' } });
    expect((await execute(subject, definition, { a: 1 })).output).toBe(2);
  },

  'offers execution, state and machine in the context object': async (subject) => {
    const definition = machine({ A: end({ Output: '{% $states.context %}' }) });
    const { output, executionArn, stateMachineArn, name } = await execute(subject, definition, [1]);
    expect(output).toMatchObject({
      Execution: { Id: executionArn, Input: [1], Name: name, StartTime: expect.stringMatching(/Z$/) },
      State: { Name: 'A', EnteredTime: expect.stringMatching(/Z$/) },
      StateMachine: { Id: stateMachineArn },
    });
  },

  'waits for seconds and until a time, both computed': async (subject) => {
    const definition = machine({
      A: { Type: 'Wait', Seconds: '{% $states.input.s %}', Next: 'B' },
      B: { Type: 'Wait', Timestamp: '{% $fromMillis($millis() + 1000) %}', End: true },
    });
    const { startDate, stopDate } = await execute(subject, definition, { s: 1 });
    expect(Number(stopDate) - Number(startDate)).toBeGreaterThanOrEqual(1900);
  },

  'runs branches with the variables around them, and gives their outputs in order': async (subject) => {
    const definition = machine({
      A: { Type: 'Pass', Assign: { x: 5 }, Next: 'P' },
      P: {
        Type: 'Parallel',
        Arguments: { k: 2 },
        Branches: [
          branch('B', end({ Output: '{% $x * $states.input.k %}' })),
          branch('C', end({ Output: 'c' })),
        ],
        Output: '{% {"all": $states.result} %}',
        End: true,
      },
    });
    expect((await execute(subject, definition)).output).toEqual({ all: [10, 'c'] });
  },

  'stops the other branches when one fails': async (subject) => {
    const definition = machine({
      P: {
        Type: 'Parallel',
        Branches: [
          branch('W', { Type: 'Wait', Seconds: 20, End: true }),
          branch('F', { Type: 'Fail', Error: 'Bad' }),
        ],
        Catch: [{ ErrorEquals: ['Bad'], Next: 'Z', Output: 'caught' }],
        End: true,
      },
      Z: end(),
    });
    const { output, startDate, stopDate } = await execute(subject, definition);
    expect(output).toBe('caught');
    expect(Number(stopDate) - Number(startDate)).toBeLessThan(15_000);
  },

  'maps items through the processor, at most so many at once': async (subject) => {
    let [now, most] = [0, 0];
    const work = async ({ i, v }: { i: number; v: number }) => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setTimeout(resolve, 50));
      now -= 1;
      return { value: i * 100 + v };
    };
    const definition = machine({
      M: {
        Type: 'Map',
        Items: '{% $states.input.list %}',
        ItemSelector: {
          i: '{% $states.context.Map.Item.Index %}',
          v: '{% $states.context.Map.Item.Value %}',
        },
        MaxConcurrency: 2,
        ItemProcessor: branch(
          'T',
          task(subject, work, { Output: '{% $states.result.Payload %}', End: true }),
        ),
        End: true,
      },
    });
    const { output } = await execute(subject, definition, { list: [7, 8, 9, 7, 8] });
    expect(output).toEqual([7, 108, 209, 307, 408]);
    expect(most).toBeLessThanOrEqual(2);
  },

  'maps no items to none': async (subject) => {
    const processor = branch('S', { Type: 'Succeed' });
    const definition = machine({ M: { Type: 'Map', ItemProcessor: processor, End: true } });
    expect((await execute(subject, definition, [])).output).toEqual([]);
  },

  'writes the events of a task into the history': async (subject) => {
    const definition = machine({ A: task(subject, () => ({ value: 1 }), { End: true }) });
    const { executionArn } = await execute(subject, definition);
    expect(await historyTypes(subject, executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  },

  'writes the events of branches and iterations into the history': async (subject) => {
    const definition = machine({
      P: { Type: 'Parallel', Branches: [branch('B', end())], Next: 'M' },
      M: { Type: 'Map', Items: [1], ItemProcessor: branch('I', end()), End: true },
    });
    const { executionArn } = await execute(subject, definition);
    expect(await historyTypes(subject, executionArn)).toEqual(
      expect.arrayContaining([
        'ParallelStateEntered',
        'ParallelStateStarted',
        'ParallelStateSucceeded',
        'ParallelStateExited',
        'MapStateEntered',
        'MapStateStarted',
        'MapIterationStarted',
        'MapIterationSucceeded',
        'MapStateSucceeded',
        'MapStateExited',
      ]),
    );
  },

  'runs a child execution and gives its parsed output': async (subject) => {
    const child = await subject.makeMachine(
      `wire-child-${Date.now()}`,
      machine({ A: end({ Output: { got: '{% $states.input %}' } }) }),
    );
    const definition = machine({
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::states:startExecution.sync:2',
        Arguments: { StateMachineArn: child, Input: { a: 1 } },
        Output: '{% $states.result.Output %}',
        End: true,
      },
    });
    expect((await execute(subject, definition)).output).toMatchObject({ got: { a: 1 } });
  },
};
