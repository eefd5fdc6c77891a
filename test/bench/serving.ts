import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decideApproval, readApproval } from '#services/approvals/contract.ts';
import type { Journey } from '#services/governance/contract.ts';
import { predict } from '#services/predictions/contract.ts';
import { readProject } from '#services/projects/contract.ts';
import { exampleFile, exampleProject } from '../../scripts/cli/commands/example.ts';
import { featureTypes } from '../../scripts/cli/commands/predictions.ts';
import { readCsv, typedCell } from '../../scripts/cli/rows.ts';
import { followExample, reachApproval } from './journey.ts';
import { type Bench, type Measurement, quantile } from './measurement.ts';
import { postAtRate } from './open-loop.ts';
import { type BenchPlatform, startPlatform } from './platform.ts';
import { type ProcessUse, processTree } from './process-tree.ts';
import { rootDir } from './repository-copy.ts';
import { withFolder } from './temporary-folder.ts';

const runs = 3;
const ratePerSecond = 20;
const runSeconds = 30;
const warmUpSeconds = 5;
const p50LimitMs = 15;
const p99LimitMs = 60;
const memoryLimitMb = 600;
const idlePollMs = 2000;
/** Functions end a minute after their last invocation; schedules wake some of them every few minutes. */
const maxIdleWaitMs = 240_000;

export const serving: Bench = {
  name: 'serving',
  title: 'Predictions and idle memory',
  method: `The example's first model is approved, rolled out and promoted. Then one row of \`rows.csv\` per request, ${ratePerSecond} requests a second for ${runSeconds} s, over kept-alive HTTP connections: API Gateway, authorizer, validation, the model's endpoint, and capture of inputs and outputs, which goes on meanwhile. Open loop: a latency counts from the moment the request was due. Memory afterwards, once the idle functions are gone, of npm, the runtime and all its children: PSS counts a page that processes share once in all, RSS once in each.`,
  run: (say) =>
    withFolder(async (folder) => {
      const platform = await startPlatform(rootDir, path.join(folder, 'data'));
      try {
        say('the first model goes into service');
        await putInService(platform);
        return [...(await measurePredictions(platform, say)), ...(await measureIdle(platform, say))];
      } finally {
        await platform.stop();
      }
    }),
};

async function putInService({ client }: BenchPlatform): Promise<void> {
  const { journey } = await reachApproval(client);
  const { waitingFor } = journey;
  const params = { approvalId: waitingFor?.kind === 'approval' ? waitingFor.approvalId : '' };
  const { subjectDigest } = await client.call(readApproval, { params });
  const comment = 'Approved by the benchmark.';
  await client.call(decideApproval, { params, body: { decision: 'approved', comment, subjectDigest } });
  const isPromoted = ({ steps }: Journey) =>
    steps.some(({ step, status }) => step === 'promotion' && status === 'done');
  await followExample(client, isPromoted);
}

async function measurePredictions(
  platform: BenchPlatform,
  say: (line: string) => void,
): Promise<Measurement[]> {
  const bodies = await requestBodies(platform);
  const load = {
    url: `${platform.url}${predict.path.replace('{project}', exampleProject)}`,
    ratePerSecond,
    body: (n: number) => bodies[n % bodies.length] ?? '',
  };
  await postAtRate({ ...load, seconds: warmUpSeconds });
  const latencies: number[][] = [];
  for (let run = 1; run <= runs; run += 1) {
    say(`load, run ${run} of ${runs}`);
    latencies.push(await postAtRate({ ...load, seconds: runSeconds }));
  }
  const row = (title: string, share: number, limit?: number): Measurement => ({
    title: `Prediction at ${ratePerSecond}/s, ${title}`,
    unit: 'ms',
    values: latencies.map((values) => quantile(values, share)),
    ...(limit === undefined ? {} : { limit }),
  });
  return [row('p50', 0.5, p50LimitMs), row('p99', 0.99, p99LimitMs), row('slowest', 1)];
}

/** One request per row of the example's `rows.csv`. */
async function requestBodies({ client }: BenchPlatform): Promise<string[]> {
  const { definition } = await client.call(readProject, { params: { project: exampleProject } });
  const types = [...featureTypes(definition)];
  return readCsv(exampleFile('data/rows.csv')).map((row) =>
    JSON.stringify({
      instances: [Object.fromEntries(types.map(([name, type]) => [name, typedCell(row[name] ?? '', type)]))],
    }),
  );
}

async function measureIdle({ npmPid }: BenchPlatform, say: (line: string) => void): Promise<Measurement[]> {
  if (process.platform !== 'linux') {
    say('memory is measured on Linux only');
    return [];
  }
  say('waiting until the functions are gone');
  const processes = await idleProcesses(npmPid);
  const megabytes = (bytesOf: (use: ProcessUse) => number) =>
    processes.reduce((sum, use) => sum + bytesOf(use), 0) / 1e6;
  const runtime = processes.find(
    ({ command }) => command.startsWith('node ') && command.includes('scripts/local/main.ts'),
  );
  return [
    {
      title: `Idle platform, ${processes.length} processes, PSS`,
      unit: 'MB',
      values: [megabytes((use) => use.pssBytes)],
      limit: memoryLimitMb,
    },
    {
      title: `Idle platform, ${processes.length} processes, RSS`,
      unit: 'MB',
      values: [megabytes((use) => use.rssBytes)],
      limit: memoryLimitMb,
    },
    {
      title: '… of which the runtime itself, RSS',
      unit: 'MB',
      values: [(runtime?.rssBytes ?? Number.NaN) / 1e6],
    },
  ];
}

/** The platform's processes at a moment when no function's is among them. Rejects, naming what still runs, when none comes. */
async function idleProcesses(npmPid: number): Promise<ProcessUse[]> {
  const giveUpAtMs = performance.now() + maxIdleWaitMs;
  for (;;) {
    const processes = processTree(npmPid);
    const busy = processes.filter(({ command }) => command.includes('lambda/bootstrap.ts'));
    if (busy.length === 0) return processes;
    if (performance.now() > giveUpAtMs) {
      throw new Error(
        `The platform does not get idle: ${busy.length} functions run after ${maxIdleWaitMs / 1000} s.`,
      );
    }
    await sleep(idlePollMs);
  }
}
