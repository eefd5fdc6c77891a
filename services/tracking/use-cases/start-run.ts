import type * as z from 'zod';
import { ExperimentChanged } from '#events/tracking.ts';
import type { startRun as task } from '#services/tracking/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { artifactUriOf, defaultArtifactLocation, type Experiment } from '../domain/experiment.ts';
import { experimentIdOf, runIdOf } from '../domain/identifiers.ts';
import { runNameTag } from '../domain/run.ts';
import type { CoreDeps } from './deps.ts';

/** DynamoDB's items end at 409,600 bytes; final metrics and tags must still fit in. */
const maxBytes = 300_000;

/** Begins the run of a training in the project's experiment; again, it answers the run that there is. Throws RunTooLarge. */
export async function startRun(
  deps: CoreDeps,
  { project, trainingId, runName, params, tags }: z.output<typeof task.input>,
  cause: EventMetadata,
): Promise<{ experimentId: string; runId: string }> {
  const bytes = Buffer.byteLength(JSON.stringify({ params, tags }));
  if (bytes > maxBytes) {
    throw new AppError(
      'invalid_input',
      'RunTooLarge',
      `The params and tags of run '${runName}' have ${bytes} bytes, ${maxBytes} are allowed. Log big parts as artifacts.`,
    );
  }
  const { experimentId, artifactLocation } = await experimentOfProject(deps, project, cause);
  const runId = runIdOf(trainingId);
  await deps.runs.create({
    runId,
    experimentId,
    project,
    name: runName,
    userId: 'millrace',
    status: 'RUNNING',
    startTime: deps.clock.now().getTime(),
    lifecycleStage: 'active',
    artifactUri: artifactUriOf(artifactLocation, runId),
    params,
    tags: { ...tags, [runNameTag]: runName },
    metrics: {},
    datasets: [],
    modelInputs: [],
    modelOutputs: [],
  });
  return { experimentId, runId };
}

/**
 * The experiment of a project, known by its id: whoever makes one named as the project, a client or the first training, makes this
 * one. Where another project's experiment has the name already, it gets a longer one. Trainings are logged in it also while it is
 * deleted: they must not stop because somebody tidied up, and come back with it.
 */
async function experimentOfProject(
  { experiments, clock, ids }: CoreDeps,
  project: string,
  cause: EventMetadata,
): Promise<Experiment> {
  const experimentId = experimentIdOf(project);
  for (const name of [project, `${project}/${experimentId}`]) {
    const found = await experiments.read(experimentId);
    if (found) return found.experiment;
    const now = clock.now();
    const experiment: Experiment = {
      experimentId,
      name,
      project,
      artifactLocation: defaultArtifactLocation(experimentId),
      lifecycleStage: 'active',
      creationTime: now.getTime(),
      lastUpdateTime: now.getTime(),
      tags: {},
    };
    const metadata = causedBy(cause, {
      eventId: ids.next(),
      occurredAt: now,
      actor: { type: 'service', id: 'tracking' },
    });
    const created = ExperimentChanged.create(metadata, { project, experimentId, name, change: 'created' });
    if ((await experiments.create(experiment, [created])) === 'created') return experiment;
  }
  const found = await experiments.read(experimentId);
  if (!found) throw new Error(`The experiment ${experimentId} of project ${project} could not be made.`);
  return found.experiment;
}
