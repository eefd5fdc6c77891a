import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  FunctionError,
  functionArn,
  historyTypes,
  invokeArn,
  machine,
  machineArn,
  type ServedStates,
  serveStates,
  untilEnded,
} from './testing.ts';

let dataDir: string;
let served: ServedStates;
beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-states-'));
});
afterEach(async () => {
  await served.close();
  rmSync(dataDir, { recursive: true });
});

const ask = (more: Record<string, unknown> = {}) => ({
  Type: 'Task',
  Resource: `${invokeArn}.waitForTaskToken`,
  Arguments: { FunctionName: functionArn('ask'), Payload: { token: '{% $states.context.Task.Token %}' } },
  End: true,
  ...more,
});

/** Tokens that the function was called with. */
let tokens: string[];
const functions = {
  ask: ({ token }: { token: string }) => {
    tokens.push(token);
    return 'asked';
  },
};
async function serve() {
  served = await serveStates(functions, { dataDir });
}
async function start(definition: unknown, input: unknown = {}) {
  await served.provision('m', definition);
  const request = { stateMachineArn: machineArn('m'), input: JSON.stringify(input) };
  return (await served.client.send(new StartExecutionCommand(request))).executionArn;
}
async function nextToken(): Promise<string> {
  while (tokens.length === 0) await pause(2);
  return tokens[0] ?? '';
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const succeed = (taskToken: string, output = '{"ok":true}') =>
  served.client.send(new SendTaskSuccessCommand({ taskToken, output }));
/** Stops the runtime and starts it on the same folder. */
async function restart() {
  await served.close();
  await serve();
}
beforeEach(() => {
  tokens = [];
});

describe('a task that waits for its token', () => {
  it('takes an answer that comes before the function has returned', async () => {
    await serve();
    const answering = async ({ token }: { token: string }) => {
      await succeed(token, '"early"');
      return 'late';
    };
    await served.close();
    served = await serveStates({ ask: answering }, { dataDir });
    const executionArn = await start(machine({ A: ask() }));
    expect((await untilEnded(served, executionArn)).output).toBe('early');
  });

  it('fails when the function that should hand the token over fails', async () => {
    served = await serveStates(
      {
        ask: () => {
          throw new FunctionError('Broken', 'x');
        },
      },
      { dataDir },
    );
    const executionArn = await start(machine({ A: ask() }));
    expect(await untilEnded(served, executionArn)).toMatchObject({ status: 'FAILED', error: 'Broken' });
  });

  it('refuses tokens that it never gave out and output that is no JSON', async () => {
    await serve();
    await start(machine({ A: ask() }));
    const token = await nextToken();
    await expect(succeed('bogus')).rejects.toMatchObject({ name: 'InvalidToken' });
    await expect(succeed(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).rejects.toMatchObject({
      name: 'InvalidToken',
    });
    await expect(succeed(token, '{')).rejects.toMatchObject({ name: 'InvalidOutput' });
  });

  it('is answered under the permission on its state machine', async () => {
    await serve();
    await start(machine({ A: ask() }));
    const body = Buffer.from(JSON.stringify({ taskToken: await nextToken(), output: '1' }));
    const request = {
      headers: { 'x-amz-target': 'AWSStepFunctions.SendTaskSuccess' },
      bytes: async () => body,
    };
    expect(await served.states.authorize(request as never)).toEqual([
      { action: 'states:SendTaskSuccess', resource: machineArn('m') },
    ]);
  });
});

describe('after a restart', () => {
  it('a waiting task keeps its token and the function is not called again', async () => {
    await serve();
    const executionArn = await start(machine({ A: ask() }));
    const token = await nextToken();
    await pause(20);
    await restart();
    await served.states.resume?.();
    await succeed(token);
    expect((await untilEnded(served, executionArn)).output).toEqual({ ok: true });
    expect(tokens).toHaveLength(1);
  });

  it('an answer that was taken in just before is not lost', async () => {
    await serve();
    const executionArn = await start(machine({ A: ask({ Output: '{% $states.result %}' }) }));
    const token = await nextToken();
    await pause(20);
    await Promise.all([succeed(token), served.states.stop()]);
    await restart();
    await served.states.resume?.();
    expect((await untilEnded(served, executionArn)).output).toEqual({ ok: true });
  });

  it('a heartbeat that was missed meanwhile fails the task at once', async () => {
    await serve();
    const executionArn = await start(machine({ A: ask({ HeartbeatSeconds: 1 }) }));
    await nextToken();
    await pause(20);
    await served.close();
    await pause(1000);
    await serve();
    await served.states.resume?.();
    const ended = await untilEnded(served, executionArn);
    expect(ended.error).toBe('States.HeartbeatTimeout');
    expect(Number(ended.stopDate) - Number(ended.startDate)).toBeLessThan(2000);
  });

  it('a wait goes on with the time that was left', async () => {
    await serve();
    const executionArn = await start(machine({ A: { Type: 'Wait', Seconds: 2, End: true } }));
    await served.close();
    await pause(1500);
    await serve();
    const resumedAtMs = Date.now();
    await served.states.resume?.();
    const ended = await untilEnded(served, executionArn);
    const startedAtMs = Number(ended.startDate);
    const lasted = Number(ended.stopDate) - startedAtMs;
    expect(lasted).toBeGreaterThanOrEqual(2000);
    // Waiting anew would have taken the whole time again, however busy the machine is.
    expect(lasted).toBeLessThan(resumedAtMs - startedAtMs + 2000);
  });

  it('a call that was under way is made again, finished branches and iterations are not', async () => {
    let isStuck = true;
    const calls: number[] = [];
    const work = async ({ n }: { n: number }) => {
      calls.push(n);
      if (n === 2 && isStuck) await new Promise(() => undefined);
      return n * 10;
    };
    served = await serveStates({ work }, { dataDir });
    const definition = machine({
      V: { Type: 'Pass', Assign: { factor: 2 }, Next: 'M' },
      M: {
        Type: 'Map',
        Items: [1, 2, 3],
        ItemSelector: { n: '{% $states.context.Map.Item.Value %}' },
        ItemProcessor: {
          StartAt: 'W',
          States: {
            W: {
              Type: 'Task',
              Resource: functionArn('work'),
              Output: '{% $states.result * $factor + $states.context.Map.Item.Index %}',
              End: true,
            },
          },
        },
        End: true,
      },
    });
    const executionArn = await start(definition);
    await pause(30);
    await served.close();
    isStuck = false;
    served = await serveStates({ work }, { dataDir });
    await served.states.resume?.();
    expect((await untilEnded(served, executionArn)).output).toEqual([20, 41, 62]);
    expect(calls).toEqual([1, 2, 3, 2]);
    const types = await historyTypes(served, executionArn);
    expect(types.filter((type) => type === 'MapIterationStarted')).toHaveLength(3);
  });

  it('an execution goes on with the definition that it started with', async () => {
    await serve();
    const old = machine({ A: ask() });
    const executionArn = await start(old);
    const token = await nextToken();
    await pause(20);
    await restart();
    await served.provision('m', machine({ Z: { Type: 'Fail' } }));
    await served.states.resume?.();
    await succeed(token);
    expect((await untilEnded(served, executionArn)).status).toBe('SUCCEEDED');
  });

  it('ended executions can still be described and read', async () => {
    await serve();
    const executionArn = await start(machine({ A: { Type: 'Succeed' } }), { a: 1 });
    await untilEnded(served, executionArn);
    await restart();
    expect(await untilEnded(served, executionArn)).toMatchObject({ status: 'SUCCEEDED', output: { a: 1 } });
    expect(await historyTypes(served, executionArn)).toHaveLength(4);
  });
});
