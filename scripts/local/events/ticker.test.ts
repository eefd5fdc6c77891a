import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { makeTestContext } from '../testing/serve-one.ts';
import { createEvents } from './index.ts';

let dataDir: string;
beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-21T07:00:00Z') });
  dataDir = mkdtempSync(path.join(tmpdir(), 'millrace-ticker-'));
});
afterEach(() => {
  vi.useRealTimers();
  rmSync(dataDir, { recursive: true });
});

it('fires a scheduled rule at its times, at the next one only after a stop, and not while it is disabled', async () => {
  const times: string[] = [];
  const apis = {
    cloudwatch: { putMetricData: () => undefined },
    lambda: {
      invoke: async (_name: string, payload: unknown) => {
        times.push((payload as { time: string }).time.slice(11));
        return { payload: null };
      },
    },
  };
  const declare = (State: string) => ({
    stackName: 's',
    logicalId: 'R',
    type: 'AWS::Events::Rule',
    properties: {
      Name: 'tick',
      ScheduleExpression: 'rate(5 minutes)',
      State,
      Targets: [{ Id: 't', Arn: 'arn:aws:lambda:us-east-1:000000000000:function:f' }],
    },
  });
  const start = async (state: string) => {
    const events = createEvents(makeTestContext({ dataDir, apis }));
    await events.start();
    await events.provision(declare(state));
    await events.resume?.();
    return events;
  };

  const first = await start('ENABLED');
  await vi.advanceTimersByTimeAsync(11 * 60_000);
  await first.stop();
  await vi.advanceTimersByTimeAsync(12 * 60_000);
  const second = await start('ENABLED');
  await vi.advanceTimersByTimeAsync(3 * 60_000);
  expect(times).toEqual(['07:05:00Z', '07:10:00Z', '07:25:00Z']);
  await second.provision(declare('DISABLED'));
  await vi.advanceTimersByTimeAsync(60 * 60_000);
  expect(times).toHaveLength(3);
  await second.stop();
});
