import { describe, expect, it } from 'vitest';
import { describeIssues, validateDefinition } from './validate.ts';

const validate = (states: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  validateDefinition(JSON.stringify({ QueryLanguage: 'JSONata', StartAt: 'A', States: states, ...more }));

function issuesOf(states: Record<string, unknown>, more?: Record<string, unknown>): string {
  const validation = validate(states, more);
  return validation.ok ? '' : describeIssues(validation.issues);
}

const end = { Type: 'Pass', End: true };
const arn = 'arn:aws:lambda:us-east-1:000000000000:function:f';
const branch = { StartAt: 'B', States: { B: end } };

describe('validateDefinition', () => {
  it('accepts a machine that uses every kind of state', () => {
    const states = {
      A: {
        Type: 'Task',
        Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken',
        Arguments: { FunctionName: arn, Payload: { token: '{% $states.context.Task.Token %}' } },
        TimeoutSeconds: '{% $states.input.timeout %}',
        HeartbeatSeconds: 5,
        Assign: { decision: '{% $states.result %}' },
        Retry: [
          { ErrorEquals: ['X'], MaxDelaySeconds: 5, JitterStrategy: 'FULL' },
          { ErrorEquals: ['States.ALL'] },
        ],
        Catch: [{ ErrorEquals: ['States.ALL'], Next: 'F', Output: '{% $states.errorOutput %}' }],
        Next: 'C',
      },
      C: { Type: 'Choice', Choices: [{ Condition: '{% $decision = 1 %}', Next: 'W' }], Default: 'S' },
      W: { Type: 'Wait', Seconds: 1, Next: 'P' },
      P: { Type: 'Parallel', Branches: [{ StartAt: 'PB', States: { PB: end } }], Next: 'M' },
      M: {
        Type: 'Map',
        Items: [1, 2],
        MaxConcurrency: 2,
        ItemProcessor: { ...branch, ProcessorConfig: { Mode: 'INLINE' } },
        Next: 'S',
      },
      S: { Type: 'Succeed', Output: { ok: true } },
      F: { Type: 'Fail', Error: 'E', Cause: "{% 'because' %}" },
    };
    expect(issuesOf(states, { Comment: 'all', TimeoutSeconds: 60 })).toBe('');
  });

  it.each([
    [
      'a dangling Next',
      { A: { Type: 'Pass', Next: 'X' } },
      "MISSING_TRANSITION_TARGET: Missing 'Next' target: X at /States/A",
    ],
    [
      'a dangling Catch',
      { A: { Type: 'Task', Resource: arn, End: true, Catch: [{ ErrorEquals: ['States.ALL'], Next: 'X' }] } },
      'target: X',
    ],
    ['a missing start', { B: end }, "Missing 'StartAt' target: A"],
    ['a state that nothing leads to', { A: end, B: end }, 'State "B" is not reachable'],
    [
      'no way to an end',
      { A: { Type: 'Pass', Next: 'B' }, B: { Type: 'Pass', Next: 'A' } },
      'NO_TERMINAL_STATE',
    ],
    [
      'Next together with End',
      { A: { Type: 'Pass', Next: 'A', End: true } },
      'exactly one of "Next" and "End"',
    ],
    ['neither Next nor End', { A: { Type: 'Pass' } }, 'exactly one of "Next" and "End"'],
    ['an unknown field', { A: { ...end, ResultPath: '$.x' } }, 'Unrecognized key: "ResultPath" at /States/A'],
    ['an unknown type', { A: { Type: 'Sleep', End: true } }, 'at /States/A/Type'],
    ['a wrong value', { A: { Type: 'Wait', Seconds: -1, End: true } }, '/States/A/Seconds'],
    ['Wait without a time', { A: { Type: 'Wait', End: true } }, 'exactly one of Seconds and Timestamp'],
    ['Wait with a wrong time', { A: { Type: 'Wait', Timestamp: 'soon', End: true } }, 'no RFC 3339 time'],
    ['broken JSONata', { A: { ...end, Output: { x: ['{% $foo( %}'] } } }, 'INVALID_EXPRESSION'],
    ['an expression without its end', { A: { ...end, Output: '{% 1' } }, "must end with '%}'"],
    ['an assignment to $states', { A: { ...end, Assign: { states: 1 } } }, 'reserved'],
    [
      'an unsupported integration',
      { A: { Type: 'Task', Resource: 'arn:aws:states:::aws-sdk:s3:getObject', End: true } },
      'Call other services from a Lambda function',
    ],
    [
      'a heartbeat as long as the timeout',
      { A: { Type: 'Task', Resource: arn, TimeoutSeconds: 5, HeartbeatSeconds: 5, End: true } },
      'HeartbeatSeconds must be smaller',
    ],
    [
      'States.ALL among others',
      { A: { Type: 'Task', Resource: arn, End: true, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }] } },
      'States.ALL must stand alone',
    ],
    [
      'a repeated name in a branch',
      { A: { Type: 'Parallel', Branches: [branch, branch], End: true } },
      'State name "B" is used more than once',
    ],
    [
      'a fault inside a branch',
      {
        A: {
          Type: 'Parallel',
          Branches: [{ StartAt: 'B', States: { B: { Type: 'Pass', Next: 'Z' } } }],
          End: true,
        },
      },
      'target: Z at /States/A/Branches[0]/States/B',
    ],
    [
      'an inner assignment of an outer variable',
      {
        A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' },
        M: {
          Type: 'Map',
          ItemProcessor: { StartAt: 'B', States: { B: { ...end, Assign: { x: 2 } } } },
          End: true,
        },
      },
      'the variable x belongs to an outer scope',
    ],
    [
      'a distributed Map',
      {
        A: { Type: 'Map', ItemProcessor: { ...branch, ProcessorConfig: { Mode: 'DISTRIBUTED' } }, End: true },
      },
      '/ProcessorConfig/Mode',
    ],
  ])('refuses %s', (_title, states, message) => {
    expect(issuesOf(states)).toContain(message);
  });

  it('refuses a JSONPath machine and says how to change it', () => {
    expect(issuesOf({ A: end }, { QueryLanguage: 'JSONPath' })).toContain('set QueryLanguage to "JSONata"');
    expect(issuesOf({ A: { ...end, QueryLanguage: 'JSONPath' } })).toContain('/States/A');
  });

  it('accepts JSONata named at each state', () => {
    const definition = { StartAt: 'A', States: { A: { ...end, QueryLanguage: 'JSONata' } } };
    expect(validateDefinition(JSON.stringify(definition)).ok).toBe(true);
  });

  it('refuses text that is no JSON', () => {
    expect(validateDefinition('{')).toMatchObject({
      ok: false,
      issues: [{ code: 'INVALID_JSON_DESCRIPTION' }],
    });
  });
});
