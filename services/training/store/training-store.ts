import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Condition, Item, Key, Table, Write } from '#shared/aws/table.ts';
import { epochSeconds } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { idleGovernor } from '../domain/governor.ts';
import type { GovernorChange, Job, Training, TrainingStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/**
 * Keys of the table:
 * `GOVERNOR#<project>` / `GOVERNOR`: the governor's memory; in the index under `BUSY` while something flies or waits.
 * `TRAINING#<trainingId>` / `TRAINING`: a training; in the index under `PROJECT#<project>`, by id, which sorts by time.
 * `JOB#<jobName>` / `JOB`: who waits for a job; in the index under `JOBS_IN_FLIGHT` until it is settled.
 */
const governorKey = (project: string): Key => ({ pk: `GOVERNOR#${project}`, sk: 'GOVERNOR' });
const trainingKey = (trainingId: string): Key => ({ pk: `TRAINING#${trainingId}`, sk: 'TRAINING' });
const jobKey = (jobName: string): Key => ({ pk: `JOB#${jobName}`, sk: 'JOB' });
const busy = 'BUSY';
const jobsInFlight = 'JOBS_IN_FLIGHT';
const pageSize = 50;
/** SageMaker lets a job run for 28 days; nobody waits for one after that. */
const jobRetentionSeconds = 35 * 86_400;

export function createTrainingStore(stored: Table): TrainingStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readGovernor(project) {
      const item = await table.get<StoredItems['governor']>(governorKey(project));
      return { state: item?.state ?? idleGovernor, revision: item?.revision ?? 0 };
    },
    async saveGovernor(change) {
      await table.commit({
        writes: [governorWrite(change), ...(change.training ? [trainingPut(change.training)] : [])],
        events: change.events,
        ...(change.consumed ? { consumed: change.consumed } : {}),
      });
    },
    async listBusyProjects() {
      const items = await everything<StoredItems['governor']>(table, busy);
      return items.map(({ project }) => project);
    },
    async readTraining(trainingId) {
      return (await table.get<StoredItems['training']>(trainingKey(trainingId)))?.training;
    },
    async markRunning(trainingId, jobName, events) {
      const training = (await table.get<StoredItems['training']>(trainingKey(trainingId)))?.training;
      if (training?.status !== 'requested') return;
      await table.commit({
        writes: [
          {
            update: trainingKey(trainingId),
            set: { training: { ...training, status: 'running', jobName }, status: 'running' },
            when: { equals: { status: 'requested' } },
          },
        ],
        events,
      });
    },
    async listTrainings(project, pageToken) {
      const page = await table.query<StoredItems['training']>({
        index: 'gsi1',
        pk: `PROJECT#${project}`,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken ? { pageToken } : {}),
      });
      return { ...page, items: page.items.map(({ training }) => training) };
    },
    saveJob: (job) => table.commit({ writes: [{ put: jobItem(job) }] }),
    async readJob(jobName) {
      return (await table.get<StoredItems['job']>(jobKey(jobName)))?.job;
    },
    async markSettled(job) {
      try {
        await table.commit({
          writes: [
            {
              update: jobKey(job.jobName),
              set: { job: { ...job, settled: true }, gsi1pk: undefined, gsi1sk: undefined },
              when: { equals: { taskToken: job.taskToken } },
              otherwise: somebodyElseWaits(job),
            },
          ],
        });
      } catch (error) {
        if (!(error instanceof AppError && error.code === 'SomebodyElseWaits')) throw error;
      }
    },
    async listJobsInFlight() {
      const items = await everything<StoredItems['job']>(table, jobsInFlight);
      return items.map(({ job }) => job);
    },
  };
}

const somebodyElseWaits = (job: Job) =>
  new AppError(
    'conflict',
    'SomebodyElseWaits',
    `Another execution step waits for job ${job.jobName} by now.`,
  );

function governorWrite({ project, state, revision }: GovernorChange): Write {
  const unchanged: Condition = revision === 0 ? { absent: true } : { equals: { revision } };
  return {
    put: {
      ...governorKey(project),
      schemaVersion: 1,
      project,
      state,
      revision: revision + 1,
      ...(state.flight || state.pending ? { gsi1pk: busy, gsi1sk: project } : {}),
    },
    when: unchanged,
    otherwise: new AppError(
      'conflict',
      'GovernorChanged',
      `Another request for '${project}' was decided at the same time. Ask again.`,
    ),
  };
}

function trainingPut(training: Training): Write {
  const { project, trainingId } = training;
  return {
    put: {
      ...trainingKey(trainingId),
      schemaVersion: 1,
      training,
      status: training.status,
      gsi1pk: `PROJECT#${project}`,
      gsi1sk: `TRAINING#${trainingId}`,
    },
  };
}

function jobItem(job: Job): Item {
  return {
    ...jobKey(job.jobName),
    schemaVersion: 1,
    job,
    taskToken: job.taskToken,
    expiresAt: epochSeconds(new Date(job.startedAt)) + jobRetentionSeconds,
    gsi1pk: jobsInFlight,
    gsi1sk: `${job.startedAt}#${job.jobName}`,
  };
}

async function everything<T extends Item>(table: Table, pk: string): Promise<T[]> {
  const items: T[] = [];
  let pageToken: string | undefined;
  do {
    const page = await table.query<T>({ index: 'gsi1', pk, ...(pageToken ? { pageToken } : {}) });
    items.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken);
  return items;
}
