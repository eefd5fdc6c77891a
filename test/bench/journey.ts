import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Journey, listJourneys } from '#services/governance/contract.ts';
import type { ApiClient } from '../../scripts/cli/client.ts';
import { exampleFile, exampleProject, start as startExample } from '../../scripts/cli/commands/example.ts';
import type { Bench, Measurement } from './measurement.ts';
import { startPlatform } from './platform.ts';
import { rootDir } from './repository-copy.ts';
import { withFolder } from './temporary-folder.ts';

const runs = 3;
const limitSeconds = 20;
const pollMs = 100;
const maxJourneyMs = 120_000;

/** Asks until the example's first journey is where `until` wants it. Rejects when it fails or takes too long. */
export async function followExample(
  client: ApiClient,
  until: (journey: Journey) => boolean,
): Promise<Journey> {
  const giveUpAtMs = performance.now() + maxJourneyMs;
  for (;;) {
    const { items } = await client.call(listJourneys, {
      params: { project: exampleProject },
      query: { limit: 5 },
    });
    const journey = items.find(({ steps }) => steps.some(({ step }) => step === 'upload'));
    if (journey && until(journey)) return journey;
    if (journey?.status === 'failed' || performance.now() > giveUpAtMs) {
      throw new Error(`The example's journey stands at '${journey?.steps.at(-1)?.summary ?? 'nothing'}'.`);
    }
    await sleep(pollMs);
  }
}

/** Uploads the example's first data and waits until people are asked. */
export async function reachApproval(client: ApiClient): Promise<{ journey: Journey; seconds: number }> {
  const startedMs = performance.now();
  await startExample(client);
  const journey = await followExample(client, ({ status }) => status === 'waiting');
  return { journey, seconds: (performance.now() - startedMs) / 1000 };
}

export const journey: Bench = {
  name: 'journey',
  title: 'Journey',
  method: `From the call that applies the example project and uploads \`${path.basename(exampleFile('data/first-upload.csv'))}\` until the release waits for approval: S3, validation, training set, training and batch transform on SageMaker, evaluation, registration. Each run on a fresh data folder, so that every function starts cold. The steps are timed by the journey's own record.`,
  async run(say) {
    const totals: number[] = [];
    const steps = new Map<string, number[]>();
    for (let run = 1; run <= runs; run += 1) {
      say(`run ${run} of ${runs}`);
      const reached = await withFolder(reachOnFreshFolder);
      totals.push(reached.seconds);
      for (const step of reached.journey.steps) {
        if (step.step === 'approval' || !step.endedAt) continue;
        const seconds = (Date.parse(step.endedAt) - Date.parse(step.startedAt)) / 1000;
        steps.set(step.title, [...(steps.get(step.title) ?? []), seconds]);
      }
    }
    return [
      { title: 'Upload to waiting for approval', unit: 's', values: totals, limit: limitSeconds },
      ...[...steps].map(([title, values]): Measurement => ({ title: `… ${title}`, unit: 's', values })),
    ];
  },
};

async function reachOnFreshFolder(folder: string) {
  const platform = await startPlatform(rootDir, path.join(folder, 'data'));
  try {
    return await reachApproval(platform.client);
  } finally {
    await platform.stop();
  }
}
