import type * as z from 'zod';
import type { findArtifacts as query } from '#services/tracking/contract.ts';
import type { Heads } from '../ports/heads.ts';

/** Where an experiment or a run keeps its artifacts, and whose they are; deleted or not. */
export async function findArtifacts(
  heads: Heads,
  { of, id }: z.output<typeof query.input>,
): Promise<z.output<typeof query.output>> {
  // Tracking keeps no logged models yet.
  if (of === 'logged-model') return {};
  if (of === 'run') {
    const run = await heads.run(id);
    return run ? { found: { project: run.project, artifactUri: run.artifactUri } } : {};
  }
  const experiment = await heads.experiment(id);
  return experiment
    ? { found: { project: experiment.project, artifactUri: experiment.artifactLocation } }
    : {};
}
