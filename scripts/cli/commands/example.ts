import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { listJourneys } from '#services/governance/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { followJourney, settledOrWaiting } from '../follow.ts';
import { createJourneyPrinter, waitingText } from '../journey-view.ts';
import type { CommandContext } from './context.ts';
import { uploadFile } from './projects.ts';

export const exampleProject = 'tumour';
export const exampleFolder = new URL('../../../examples/tumour/', import.meta.url).pathname;

/** Starts the example project where it has not been, and shows its newest journey until it waits for somebody or ends. */
export async function example({ client, output }: CommandContext): Promise<void> {
  await client.call(applyProject, {
    params: { project: exampleProject },
    body: readFileSync(join(exampleFolder, 'project.yaml'), 'utf8'),
  });
  const { items } = await client.call(listJourneys, {
    params: { project: exampleProject },
    query: { limit: 20 },
  });
  if (!items.some((journey) => journey.steps.some((step) => step.step === 'upload'))) {
    await uploadFile(client, exampleProject, join(exampleFolder, 'data/first-upload.csv'));
  }
  const printer = createJourneyPrinter(process.stdout);
  const journey = await followJourney(client, {
    project: exampleProject,
    which: (candidate) => candidate.steps.some((step) => step.step === 'upload'),
    until: settledOrWaiting,
    onUpdate: output.json ? () => {} : (update) => printer.show(update),
    timeoutSeconds: 600,
  });
  output.result(journey, () => [...waitingText(journey), ''].join('\n'));
}
