import { setTimeout as sleep } from 'node:timers/promises';
import { listUploads } from '#services/datasets/contract.ts';
import { readValidation } from '#services/validation/contract.ts';
import type { ApiClient } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';

const pollMs = 500;
/** As long as the function that reads uploads may take. */
const patienceMs = 15 * 60_000;

/** What became of uploads of this key before: the folder of a name can be uploaded again. */
export async function outcomesOf(client: ApiClient, project: string, key: string) {
  const { items } = await client.call(listUploads, { params: { project } });
  return items.filter((item) => item.key === key);
}

/** Waits until it is known what became of an upload; a rejection is a CliFailure with its reasons. */
export async function waitForOutcome(
  client: ApiClient,
  { project, key, before = 0 }: { project: string; key: string; before?: number },
) {
  const giveUpAtMs = Date.now() + patienceMs;
  while (Date.now() < giveUpAtMs) {
    const outcomes = await outcomesOf(client, project, key);
    const found = outcomes.length > before ? outcomes[0] : undefined;
    if (found?.status === 'rejected') {
      throw new CliFailure(
        exitCodes.failed,
        'The upload was rejected.',
        (found.reasons ?? []).map((reason) => `${reason.code}: ${reason.message}`),
      );
    }
    if (found) return found;
    await sleep(pollMs);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Nothing is known of the upload '${key}' after ${patienceMs / 60_000} minutes. \`millrace status ${project}\` may tell later.`,
  );
}

/** Waits for the verdict on a dataset version. */
export async function waitForVerdict(client: ApiClient, project: string, datasetVersion: number) {
  const giveUpAtMs = Date.now() + patienceMs;
  while (Date.now() < giveUpAtMs) {
    try {
      return await client.call(readValidation, { params: { project, datasetVersion } });
    } catch (error) {
      if (!(error instanceof CliFailure) || !error.message.startsWith('ValidationNotFound')) throw error;
    }
    await sleep(pollMs);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Dataset version ${datasetVersion} has no verdict after ${patienceMs / 60_000} minutes. \`millrace status ${project}\` may tell later.`,
  );
}
