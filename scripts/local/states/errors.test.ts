import { describe, expect, it } from 'vitest';
import { assertPayloadSize, errorEquals, StateFailure } from './errors.ts';
import { retryDelayMs } from './run-state.ts';

describe('errorEquals', () => {
  it.each([
    ['its own name', ['Busy'], 'Busy', true],
    ['another name', ['Busy'], 'Broken', false],
    ['States.ALL', ['States.ALL'], 'Busy', true],
    ['States.ALL for a timeout', ['States.ALL'], 'States.Timeout', true],
    ['States.ALL for too much data', ['States.ALL'], 'States.DataLimitExceeded', false],
    ['too much data by its name', ['States.DataLimitExceeded'], 'States.DataLimitExceeded', true],
    ['States.ALL for a runtime error', ['States.ALL'], 'States.Runtime', false],
    ['a runtime error by its name', ['States.Runtime'], 'States.Runtime', false],
    ['States.TaskFailed', ['States.TaskFailed'], 'Busy', true],
    ['States.TaskFailed for a timeout', ['States.TaskFailed'], 'States.Timeout', false],
    ['States.TaskFailed for a missed heartbeat', ['States.TaskFailed'], 'States.HeartbeatTimeout', false],
    ['States.Timeout for a missed heartbeat', ['States.Timeout'], 'States.HeartbeatTimeout', true],
    ['States.ALL for a failure without a name', ['States.ALL'], undefined, true],
  ])('%s', (_title, names, error, expected) => {
    expect(errorEquals(names, new StateFailure(error, undefined))).toBe(expected);
  });
});

describe('assertPayloadSize', () => {
  it('counts the bytes of the JSON text', () => {
    expect(() => assertPayloadSize('ä'.repeat(131_071), 'A', 'a result')).not.toThrow();
    expect(() => assertPayloadSize('ä'.repeat(131_072), 'A', 'a result')).toThrow('262144');
  });
});

describe('retryDelayMs', () => {
  it('grows by the backoff rate up to the greatest delay', () => {
    const retrier = { ErrorEquals: ['X'], IntervalSeconds: 3, BackoffRate: 2, MaxDelaySeconds: 10 };
    expect([0, 1, 2].map((taken) => retryDelayMs(retrier, taken, 0.5))).toEqual([3000, 6000, 10_000]);
  });

  it('is one second and doubles by default', () => {
    expect([0, 1, 2].map((taken) => retryDelayMs({ ErrorEquals: ['X'] }, taken, 0.5))).toEqual([
      1000, 2000, 4000,
    ]);
  });

  it('is any time up to that with full jitter', () => {
    expect(retryDelayMs({ ErrorEquals: ['X'], JitterStrategy: 'FULL' }, 1, 0.25)).toBe(500);
  });
});
