import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { execute, historyTypes, machine, type StatesSubject, task } from './subject.ts';

const end = { Type: 'Pass', End: true };
const fails = (error: string) => () => ({ error, message: 'no' });
const caught = { Next: 'B', Output: '{% $states.errorOutput.Error %}' };

/** The Output of the task names what the function does not return. */
const failingOutput = (subject: StatesSubject, more: object) => {
  const Output = '{% $states.result.Payload.missing %}';
  const A = task(subject, () => ({ value: 1 }), { Output, Next: 'B', ...more });
  return machine({ A, B: end });
};

/** Failures: names of errors, retries, catchers, limits of time and size. */
export const errorSuite: WireSuite<StatesSubject> = {
  'fails with the error and cause of a Fail state, both computed': async (subject) => {
    const definition = machine({ A: { Type: 'Fail', Error: "{% 'E' & 1 %}", Cause: 'why' } });
    expect(await execute(subject, definition)).toMatchObject({ status: 'FAILED', error: 'E1', cause: 'why' });
  },

  'fails with the name of the class that a function threw': async (subject) => {
    const definition = machine({ A: task(subject, fails('OutOfStock'), { End: true }) });
    const failed = await execute(subject, definition);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'OutOfStock' });
    expect(JSON.parse(failed.cause ?? '')).toMatchObject({ errorType: 'OutOfStock', errorMessage: 'no' });
  },

  'catches an error by the name of its class': async (subject) => {
    const Catch = [
      { ErrorEquals: ['Other'], Next: 'B', Output: 'wrong' },
      { ErrorEquals: ['OutOfStock'], ...caught },
    ];
    const definition = machine({ A: task(subject, fails('OutOfStock'), { Catch, End: true }), B: end });
    expect((await execute(subject, definition)).output).toBe('OutOfStock');
  },

  'catches any error of a task by States.TaskFailed': async (subject) => {
    const Catch = [{ ErrorEquals: ['States.TaskFailed'], Next: 'B', Output: 'caught' }];
    const definition = machine({ A: task(subject, fails('OutOfStock'), { Catch, End: true }), B: end });
    expect((await execute(subject, definition)).output).toBe('caught');
  },

  'retries the errors that a retrier names, and then catches': async (subject) => {
    let calls = 0;
    const busy = () => {
      calls += 1;
      return { error: calls < 3 ? 'Busy' : 'Broken', message: 'no' };
    };
    const definition = machine({
      A: task(subject, busy, {
        Retry: [{ ErrorEquals: ['Busy'], IntervalSeconds: 1, BackoffRate: 1, MaxAttempts: 5 }],
        Catch: [{ ErrorEquals: ['Broken'], ...caught }],
        End: true,
      }),
      B: end,
    });
    const { output, executionArn } = await execute(subject, definition);
    expect([calls, output]).toEqual([3, 'Broken']);
    const types = await historyTypes(subject, executionArn);
    expect(types.filter((type) => type === 'TaskScheduled')).toHaveLength(3);
    expect(types.filter((type) => type === 'TaskStateEntered')).toHaveLength(1);
  },

  'retries no more often than it is told': async (subject) => {
    let calls = 0;
    const broken = () => {
      calls += 1;
      return { error: 'Broken', message: 'no' };
    };
    const Retry = [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }];
    const definition = machine({ A: task(subject, broken, { Retry, End: true }) });
    expect((await execute(subject, definition)).status).toBe('FAILED');
    expect(calls).toBe(2);
  },

  'fails a task that is slower than its computed timeout': async (subject) => {
    const slow = () => new Promise<never>(() => undefined);
    const definition = machine({
      A: task(subject, slow, {
        TimeoutSeconds: '{% $states.input.t %}',
        Catch: [{ ErrorEquals: ['States.Timeout'], ...caught }],
        End: true,
      }),
      B: end,
    });
    expect((await execute(subject, definition, { t: 1 })).output).toBe('States.Timeout');
  },

  'ends an execution that is slower than the machine may be': async (subject) => {
    const definition = machine({ A: { Type: 'Wait', Seconds: 8, End: true } }, { TimeoutSeconds: 1 });
    expect(await execute(subject, definition)).toMatchObject({ status: 'TIMED_OUT' });
  },

  'catches an expression that fails': async (subject) => {
    const Catch = [{ ErrorEquals: ['States.QueryEvaluationError'], ...caught }];
    expect((await execute(subject, failingOutput(subject, { Catch }))).output).toBe(
      'States.QueryEvaluationError',
    );
  },

  'records an expression that fails': async (subject) => {
    const { executionArn } = await execute(subject, failingOutput(subject, {}));
    expect(await historyTypes(subject, executionArn)).toContain('EvaluationFailed');
  },

  'fails a choice that has no branch for its input': async (subject) => {
    const Choices = [{ Condition: '{% $states.input.n = 1 %}', Next: 'B' }];
    const definition = machine({ A: { Type: 'Choice', Choices }, B: { Type: 'Succeed' } });
    expect(await execute(subject, definition, { n: 2 })).toMatchObject({
      status: 'FAILED',
      error: 'States.NoChoiceMatched',
    });
  },

  'fails a result beyond 256 KB, which States.ALL does not catch': async (subject) => {
    const large = () => ({ value: 'x'.repeat(262_144) });
    const definition = machine({
      A: task(subject, large, { Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], End: true }),
      B: end,
    });
    expect(await execute(subject, definition)).toMatchObject({
      status: 'FAILED',
      error: 'States.DataLimitExceeded',
    });
  },
};
