import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { DriftDetected } from '#events/monitoring.ts';
import { listApprovals } from '#services/approvals/contract.ts';
import { applyProject, type ProjectDefinition } from '#services/projects/contract.ts';
import { listRuns } from '#services/tracking/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import { startingJourney } from '#shared/contracts/event.ts';
import { Operator } from './operator.ts';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const params = { project: 'tumour' };
const example = (file: string) =>
  readFileSync(new URL(`../../examples/tumour/${file}`, import.meta.url), 'utf8');

const apply = (change: (definition: ProjectDefinition) => void) => {
  const definition = parse(example('project.yaml')) as ProjectDefinition;
  change(definition);
  return platform.call(applyProject, { params, body: stringify(definition) });
};
const ended = (count: number) =>
  platform.eventually(`${count} ended trainings`, async () => {
    const { items } = (await platform.call(listTrainings, { params })).body;
    return items.filter(({ endedAt }) => endedAt).length === count ? items : undefined;
  });

beforeAll(() => platform.start());
afterAll(() => platform.close());

describe('a training that cannot be done', () => {
  it('ends with SageMaker’s reason, and the run with it', async () => {
    await apply((definition) => {
      definition.training.hyperparameters = { num_round: 10, max_depth: 'deep' };
    });
    await platform.upload('incoming/tumour/first.csv', example('data/first-upload.csv'));
    const [training] = await ended(1);
    expect(training).toMatchObject({
      status: 'failed',
      error: expect.stringMatching(/^TrainingJob(Failed|Rejected): .*max_depth/s),
    });
    const { body: runs } = await platform.call(listRuns, { params });
    expect(runs.items).toMatchObject([
      { status: 'FAILED', tags: { 'millrace.failure': expect.stringMatching(/^training job: /) } },
    ]);
  });

  it('ends once, also when the task that began its job is called again', async () => {
    const [call] = await new Operator(platform).callsOf('training', 'task-start-training-job');
    await platform.invoke('training', 'task-start-training-job', call);
    const { items } = (await platform.call(listTrainings, { params })).body;
    expect(items.map(({ status }) => status)).toEqual(['failed']);
  });

  it('ends with the reason of the plan where the project sets what its target decides', async () => {
    await apply((definition) => {
      definition.training.hyperparameters = { objective: 'reg:linear' };
    });
    await platform.publish(drift('D1'));
    const [training] = await ended(2);
    expect(training).toMatchObject({
      trigger: 'Drift',
      error: expect.stringMatching(
        /^HyperparameterReserved: .*sets objective, which follows from target.task/s,
      ),
    });
  });

  it('does not keep the next from being done, and nobody’s answer ends the release', async () => {
    await apply((definition) => {
      definition.approval.expiresAfterHours = 5 / 3600;
    });
    await platform.publish(drift('D2'));
    // The same fact again, as the bus may deliver it.
    await platform.publish(drift('D2'));
    const [training] = await ended(3);
    expect(training).toMatchObject({ status: 'completed', modelVersion: 1 });
    const { body: runs } = await platform.call(listRuns, { params });
    expect(runs.items).toHaveLength(2);
    await platform.eventually('the expiry of the approval request', async () => {
      const { body } = await platform.call(listApprovals, { params: {}, query: { status: 'expired' } });
      return body.items[0];
    });
  });
});

function drift(eventId: string) {
  const actor = { type: 'service' as const, id: 'monitoring' };
  const at = '2026-01-01T00:00:00.000Z';
  const score = {
    subject: 'mean_radius',
    psi: 0.4,
    test: 'kolmogorov_smirnov' as const,
    statistic: 0.3,
    pValue: 0,
    drifted: true,
  };
  return DriftDetected.create(
    startingJourney({ eventId, occurredAt: new Date(), project: 'tumour', actor }),
    {
      project: 'tumour',
      model: 'tumour',
      modelVersion: 1,
      window: { windowId: eventId, startAt: at, endAt: at, predictions: 500 },
      kind: 'data',
      scores: [score],
    },
  );
}
