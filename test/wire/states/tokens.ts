import {
  SendTaskFailureCommand,
  SendTaskHeartbeatCommand,
  SendTaskSuccessCommand,
} from '@aws-sdk/client-sfn';
import { expect } from 'vitest';
import type { WireSuite } from '../suite.ts';
import { awaited, ended, historyTypes, machine, type StatesSubject, start, tokenTask } from './subject.ts';

/** Starts an execution that waits, and learns its token. */
async function waiting(subject: StatesSubject, more: Record<string, unknown> = {}, states: object = {}) {
  const token = awaited<string>();
  const ask = (payload: { token: string }) => {
    token.resolve(payload.token);
    return { value: 'asked' };
  };
  const definition = machine({ A: tokenTask(subject, ask, more), ...states });
  const { executionArn } = await start(subject, definition);
  return { executionArn, taskToken: await token.promise };
}
const succeed = ({ client }: StatesSubject, taskToken: string, output = '{"ok":true}') =>
  client.send(new SendTaskSuccessCommand({ taskToken, output }));
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Tasks that wait for their token: approvals and long jobs. */
export const tokenSuite: WireSuite<StatesSubject> = {
  'ends a task with what SendTaskSuccess brings': async (subject) => {
    const { executionArn, taskToken } = await waiting(subject);
    await pause(300);
    await succeed(subject, taskToken);
    expect((await ended(subject, executionArn)).output).toEqual({ ok: true });
  },

  'writes the events of a task that waits into the history': async (subject) => {
    const { executionArn, taskToken } = await waiting(subject);
    await pause(300);
    await succeed(subject, taskToken);
    await ended(subject, executionArn);
    expect(await historyTypes(subject, executionArn)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ]);
  },

  'refuses a second answer': async (subject) => {
    const { executionArn, taskToken } = await waiting(subject);
    await succeed(subject, taskToken);
    await ended(subject, executionArn);
    await expect(succeed(subject, taskToken)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  },

  'fails a task with what SendTaskFailure brings, which a catcher may take': async (subject) => {
    const Catch = [{ ErrorEquals: ['Rejected'], Next: 'B', Output: '{% $states.errorOutput %}' }];
    const { executionArn, taskToken } = await waiting(subject, { Catch }, { B: { Type: 'Pass', End: true } });
    const failure = new SendTaskFailureCommand({ taskToken, error: 'Rejected', cause: 'no' });
    await subject.client.send(failure);
    expect((await ended(subject, executionArn)).output).toEqual({ Error: 'Rejected', Cause: 'no' });
  },

  'refuses a token that it never gave': async (subject) => {
    await expect(succeed(subject, 'bogus')).rejects.toMatchObject({ name: 'InvalidToken' });
  },

  'refuses an output that is no JSON': async (subject) => {
    const { executionArn, taskToken } = await waiting(subject);
    await expect(succeed(subject, taskToken, '{')).rejects.toMatchObject({ name: 'InvalidOutput' });
    await succeed(subject, taskToken);
    expect((await ended(subject, executionArn)).status).toBe('SUCCEEDED');
  },

  'fails a task that nobody answers in time': async (subject) => {
    const { executionArn } = await waiting(subject, { TimeoutSeconds: 2 });
    const failed = await ended(subject, executionArn);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
  },

  'refuses the answer that comes too late': async (subject) => {
    const { executionArn, taskToken } = await waiting(subject, { TimeoutSeconds: 2 });
    await ended(subject, executionArn);
    await expect(succeed(subject, taskToken)).rejects.toMatchObject({ name: 'TaskTimedOut' });
  },

  'lives as long as heartbeats come, and then fails with States.HeartbeatTimeout': async (subject) => {
    const limits = { HeartbeatSeconds: 2, TimeoutSeconds: 9 };
    const { executionArn, taskToken } = await waiting(subject, limits);
    for (let beat = 0; beat < 3; beat += 1) {
      await pause(900);
      await subject.client.send(new SendTaskHeartbeatCommand({ taskToken }));
    }
    const { error, startDate, stopDate } = await ended(subject, executionArn);
    expect(error).toBe('States.HeartbeatTimeout');
    expect(Number(stopDate) - Number(startDate)).toBeGreaterThan(4500);
  },
};
