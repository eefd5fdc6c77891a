import { digestOf } from '#shared/kernel/hash.ts';

/** Counts up when the same input would be built to other bytes. */
const recipeVersion = 1;

/** Names a training set by all that decides its bytes: asked for twice, it is built once. */
export function trainingSetIdOf(input: {
  project: string;
  projectRevision: number;
  datasetVersion: number;
  asOf: string;
}): string {
  const { project, projectRevision, datasetVersion, asOf } = input;
  const decisive = {
    recipeVersion,
    project,
    projectRevision,
    datasetVersion,
    asOf: new Date(asOf).toISOString(),
  };
  return `ts-${digestOf(decisive).slice(0, 32)}`;
}
