import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Journey, listJourneys } from '#services/governance/contract.ts';
import { applyProject, listProjects } from '#services/projects/contract.ts';
import type { ApiClient } from '../client.ts';
import { followAll, followJourney, settledOrWaiting } from '../follow.ts';
import { createJourneyPrinter, waitingText } from '../journey-view.ts';
import type { Output } from '../output.ts';
import type { CommandContext } from './context.ts';
import { uploadFile } from './upload.ts';

export const exampleProject = 'tumour';
/** A file of the example project, by its path below examples/tumour. */
export const exampleFile = (name: string): string =>
  fileURLToPath(new URL(`../../../examples/tumour/${name}`, import.meta.url));

export interface ExampleOptions {
  /** Go on showing what happens after the first journey came to rest. */
  readonly follow: boolean;
  /** Start nothing: show what an earlier start began, if it did. */
  readonly resume: boolean;
}

/** Starts the example project where it has not been, and shows its journeys. */
export async function example(
  { client, output }: CommandContext,
  { follow, resume }: ExampleOptions,
): Promise<void> {
  if (resume && !(await isApplied(client))) return;
  if (!resume) await start(client);
  const show = printerOf(output);
  if (follow) return followAll(client, exampleProject, show);
  const journey = await followJourney(client, {
    project: exampleProject,
    which: beginsWithUpload,
    until: settledOrWaiting,
    onUpdate: show,
    timeoutSeconds: 600,
  });
  output.result(journey, () => '');
}

/** Applies the project file, and uploads the first part of the data unless some upload was made before. */
export async function start(client: ApiClient): Promise<void> {
  await client.call(applyProject, {
    params: { project: exampleProject },
    body: readFileSync(exampleFile('project.yaml'), 'utf8'),
  });
  const { items } = await client.call(listJourneys, {
    params: { project: exampleProject },
    query: { limit: 20 },
  });
  if (!items.some(beginsWithUpload))
    await uploadFile(client, exampleProject, exampleFile('data/first-upload.csv'));
}

const beginsWithUpload = (journey: Journey): boolean => journey.steps.some((step) => step.step === 'upload');

async function isApplied(client: ApiClient): Promise<boolean> {
  const { items } = await client.call(listProjects, { params: {} });
  return items.some((item) => item.project === exampleProject);
}

/** Prints a journey's changes, and once per waiting approval how to answer it. */
function printerOf(output: Output): (journey: Journey) => void {
  if (output.json) return () => {};
  const printer = createJourneyPrinter(process.stdout);
  const told = new Set<string>();
  return (journey) => {
    printer.show(journey);
    const approvalId = journey.waitingFor?.kind === 'approval' ? journey.waitingFor.approvalId : undefined;
    if (!approvalId || told.has(approvalId)) return;
    told.add(approvalId);
    output.progress([...waitingText(journey), ''].join('\n'));
  };
}
