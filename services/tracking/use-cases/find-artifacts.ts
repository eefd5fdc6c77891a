import type * as z from 'zod';
import type { findArtifacts as query } from '#services/tracking/contract.ts';
import type { Heads } from '../ports/heads.ts';
import type { LoggedModelStore } from '../ports/logged-models.ts';

export interface FindArtifactsDeps {
  readonly heads: Heads;
  readonly models: Pick<LoggedModelStore, 'read'>;
}

/** Where an experiment, a run or a logged model keeps its artifacts, and whose they are; runs and experiments also when deleted. */
export async function findArtifacts(
  { heads, models }: FindArtifactsDeps,
  { of, id }: z.output<typeof query.input>,
): Promise<z.output<typeof query.output>> {
  if (of === 'logged-model') {
    const model = (await models.read(id))?.value;
    if (!model || model.lifecycleStage === 'deleted') return {};
    const { project, artifactUri, sourceRunId } = model;
    return { found: { project, artifactUri, ...(sourceRunId ? { sourceRunId } : {}) } };
  }
  if (of === 'run') {
    const run = await heads.run(id);
    return run ? { found: { project: run.project, artifactUri: run.artifactUri } } : {};
  }
  const experiment = await heads.experiment(id);
  return experiment
    ? { found: { project: experiment.project, artifactUri: experiment.artifactLocation } }
    : {};
}
