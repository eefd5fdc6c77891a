import { setTimeout as sleep } from 'node:timers/promises';
import { type Journey, listJourneys } from '#services/governance/contract.ts';
import type { ApiClient } from './client.ts';
import { CliFailure, exitCodes } from './failure.ts';

/** How often the platform is asked while a journey is watched. */
const pollMs = 500;

export interface FollowOptions {
  readonly project: string;
  /** Which journey; the newest when it returns true for none yet. */
  readonly which: (journey: Journey) => boolean;
  /** When to stop watching. */
  readonly until: (journey: Journey) => boolean;
  readonly onUpdate: (journey: Journey) => void;
  readonly timeoutSeconds: number;
}

/** Watches a journey until it is where the caller wants it. Throws CliFailure when time is up, naming where it stands. */
export async function followJourney(client: ApiClient, options: FollowOptions): Promise<Journey> {
  const deadline = Date.now() + options.timeoutSeconds * 1000;
  for (;;) {
    const { items } = await client.call(listJourneys, {
      params: { project: options.project },
      query: { limit: 20 },
    });
    const journey = items.find(options.which);
    if (journey) options.onUpdate(journey);
    if (journey && options.until(journey)) return journey;
    if (Date.now() > deadline) {
      const last = journey?.steps.at(-1);
      throw new CliFailure(
        exitCodes.failed,
        `After ${options.timeoutSeconds} s the journey ${journey ? `stands at '${last?.title}' (${last?.status}): ${last?.summary}` : 'has not begun'}.`,
      );
    }
    await sleep(pollMs);
  }
}

/** Nothing moves any more until somebody acts. */
export const settledOrWaiting = (journey: Journey): boolean => journey.status !== 'running';

/** How often is asked while nothing runs: a person who approves sees the next step within this. */
const idlePollMs = 2000;

/** Shows every journey of a project as it moves, until the process ends. */
export async function followAll(
  client: ApiClient,
  project: string,
  onUpdate: (journey: Journey) => void,
): Promise<never> {
  const seen = new Map<string, string>();
  for (;;) {
    const { items } = await client.call(listJourneys, { params: { project }, query: { limit: 5 } });
    for (const journey of [...items].reverse()) {
      if (journey.status === 'running' || seen.get(journey.journeyId) !== journey.updatedAt)
        onUpdate(journey);
      seen.set(journey.journeyId, journey.updatedAt);
    }
    await sleep(items.some((journey) => journey.status === 'running') ? pollMs : idlePollMs);
  }
}
