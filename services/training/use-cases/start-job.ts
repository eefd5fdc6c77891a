import type * as z from 'zod';
import { TrainingStarted } from '#events/training.ts';
import type { startTrainingJob, startTransformJob } from '#services/training/contract.ts';
import type { TaskContext } from '#shared/contracts/call.ts';
import { causedBy } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { sagemakerName } from '#shared/kernel/names.ts';
import type { Job } from '../ports.ts';
import { type SettleJobDeps, settleJob } from './settle-job.ts';

export interface StartJobDeps extends SettleJobDeps {
  readonly clock: Clock;
  readonly stage: string;
  readonly modelsBucket: string;
  readonly dataBucket: string;
}

type WaitingContext = TaskContext & { readonly taskToken: string };

/**
 * Creates the training job and remembers who waits for it. Called again it waits for the same job with the newer token, and
 * answers at once where the job has ended meanwhile. Throws TrainingJobRejected.
 */
export async function startTraining(
  deps: StartJobDeps,
  input: z.output<typeof startTrainingJob.input>,
  context: WaitingContext,
): Promise<void> {
  const { project, trainingId, plan, trainingSet } = input;
  const jobName = sagemakerName(deps.stage, project, trainingId);
  const job: Job = { jobName, kind: 'training', ...waiting(deps, project, trainingId, context) };
  await deps.store.saveJob(job);
  const folder = `s3://${deps.modelsBucket}/training/${project}/${trainingId}`;
  await deps.jobs.createTrainingJob({
    jobName,
    project,
    trainingId,
    trainingImage: plan.trainingImage,
    hyperparameters: plan.hyperparameters,
    channels: { train: trainingSet.train.uri, validation: trainingSet.validation.uri },
    outputUri: folder,
    instanceType: plan.instanceType,
    instanceCount: plan.instanceCount,
    volumeSizeGb: plan.volumeSizeGb,
    maxRuntimeSeconds: plan.maxRuntimeSeconds,
    ...(plan.spot.enabled
      ? { spot: { maxWaitSeconds: plan.spot.maxWaitSeconds, checkpointUri: `${folder}/checkpoints` } }
      : {}),
  });
  const metadata = causedBy(context.metadata, {
    eventId: `${trainingId}-started`,
    occurredAt: deps.clock.now(),
    actor: { type: 'service', id: 'training' },
  });
  await deps.store.markRunning(trainingId, jobName, [
    TrainingStarted.create(metadata, { project, trainingId, runId: input.runId, jobName }),
  ]);
  await settleJob(deps, jobName);
}

/** Creates the transform job of one candidate and remembers who waits for it; again as with training jobs. Throws TransformJobRejected. */
export async function startTransform(
  deps: StartJobDeps,
  input: z.output<typeof startTransformJob.input>,
  context: WaitingContext,
): Promise<void> {
  const { project, trainingId, candidate, artifact, trainingImage, instanceType, features } = input;
  const jobName = sagemakerName(deps.stage, project, `${trainingId}-${candidate}`);
  const outputPrefixUri = `s3://${deps.dataBucket}/transform/${project}/${trainingId}/${candidate}`;
  await deps.store.saveJob({
    jobName,
    kind: 'transform',
    ...waiting(deps, project, trainingId, context),
    candidate,
  });
  await deps.jobs.createTransformJob({
    jobName,
    project,
    trainingId,
    trainingImage,
    artifactUri: artifact.uri,
    inputUri: features.uri,
    outputPrefixUri,
    instanceType,
  });
  await settleJob(deps, jobName);
}

function waiting(
  { clock }: StartJobDeps,
  project: string,
  trainingId: string,
  { taskToken }: WaitingContext,
): Omit<Extract<Job, { kind: 'training' }>, 'jobName' | 'kind'> {
  return { project, trainingId, taskToken, startedAt: clock.now().toISOString(), settled: false };
}
