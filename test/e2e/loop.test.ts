import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvaluation } from '#services/evaluation/contract.ts';
import { readLineage, verifyAuditChain } from '#services/governance/contract.ts';
import { evaluateDriftNow, readDrift, readPerformance } from '#services/monitoring/contract.ts';
import { predict, sendGroundTruth } from '#services/predictions/contract.ts';
import { isTrained, listAliasHistory, listModelVersions } from '#services/registry/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import { ProjectJourney } from './journey.ts';
import { Platform } from './platform.ts';
import { exampleText, instancesOf, truthOf } from './project.ts';

const isDone = (step: string) => (one: { step: string; status: string }) =>
  one.step === step && one.status !== 'running';

describe('the loop', () => {
  let platform: Platform;
  let journey: ProjectJourney;
  let params: { project: string };

  beforeAll(async () => {
    platform = await Platform.open();
    journey = new ProjectJourney(platform);
    params = { project: journey.project };
    await journey.apply();
  });
  afterAll(() => platform?.close());

  it('brings an upload into service once people have approved it', async () => {
    const key = await journey.upload(exampleText('data/first-upload.csv'));
    expect(await journey.outcomeOf(key)).toMatchObject({ status: 'created', datasetVersion: 1 });
    const request = await journey.approvalOf(1);
    expect(request).toMatchObject({ status: 'pending', quorum: 1 });
    expect(request.metrics['auc']).toBeGreaterThan(0.95);
    expect((await journey.deployment()).routing).toBeUndefined();
    await journey.decide(request, 'approved');
    await journey.promotion(1);
    expect((await journey.deployment()).routing?.versions).toMatchObject([{ modelVersion: 1, share: 1 }]);
    expect(await journey.counts()).toEqual({
      datasetVersions: 1,
      trainings: 1,
      modelVersions: 1,
      approvals: 1,
      releases: 1,
    });
  });

  it('predicts rows it has not seen about as well as it was measured', async () => {
    const body = { instances: instancesOf('data/rows.csv') };
    const answer = await journey.as().call(predict, { params, body });
    const truth = truthOf('data/rows.csv');
    const right = answer.predictions.filter(({ value }, index) => value === truth[index]);
    expect(right.length / truth.length).toBeGreaterThanOrEqual(0.8);
    for (const { value, probabilities } of answer.predictions) {
      expect((probabilities?.['0'] ?? 0) + (probabilities?.['1'] ?? 0)).toBeCloseTo(1);
      expect(probabilities?.[value]).toBeGreaterThanOrEqual(0.5);
    }
    expect(new Set(answer.predictions.map(({ inferenceId }) => inferenceId)).size).toBe(truth.length);
    const { items } = await journey.as().call(listModelVersions, { params });
    expect(answer).toMatchObject({ modelVersion: 1, artifactSha256: items.find(isTrained)?.artifact.sha256 });
  });

  it('leads from a prediction back to the upload', async () => {
    const body = { instances: instancesOf('data/rows.csv').slice(0, 1) };
    const { predictions } = await journey.as().call(predict, { params, body });
    const id = predictions[0]?.inferenceId ?? '';
    const graph = await journey.as().call(readLineage, { params: { ...params, kind: 'prediction', id } });
    const path = [graph.root];
    const relations = ['predicted', 'produced', 'trained', 'valid rows built into', 'checked by', 'became'];
    for (const relation of relations) {
      const edge = graph.edges.find((one) => one.relation === relation && one.to === path.at(-1));
      expect(edge, `an edge '${relation}' to ${path.at(-1)}`).toBeDefined();
      path.push(edge?.from ?? '');
    }
    expect(path.at(-1)).toMatch(new RegExp(`^upload:incoming/${journey.project}/.+-rows.csv$`));
    expect(graph.nodes.map((node) => node.id)).toEqual(expect.arrayContaining(path));
  });

  it('takes a later upload without training, which the project leaves to monitoring', async () => {
    const key = await journey.upload(exampleText('data/shifted-upload.csv'));
    expect(await journey.outcomeOf(key)).toMatchObject({ status: 'created', datasetVersion: 2 });
    const validated = await journey.eventually('the validation of dataset version 2', async () =>
      (await journey.journeys()).find(
        ({ steps }) => steps[0]?.summary.includes('dataset version 2') && steps.some(isDone('request')),
      ),
    );
    expect(validated.steps.at(-1)?.summary).toContain('onNewData');
    expect(await journey.counts()).toMatchObject({ datasetVersions: 2, trainings: 1 });
  });

  it('does not judge by a handful of predictions', async () => {
    const predicted = instancesOf('data/rows.csv').length + 1;
    await journey.eventually(`a window of ${predicted} predictions`, async () => {
      const { openWindow } = await journey.as().call(readDrift, { params });
      return openWindow?.predictions === predicted ? openWindow : undefined;
    });
    const { evaluations } = await journey.as().call(evaluateDriftNow, { params });
    expect(evaluations).toMatchObject([{ verdict: 'InsufficientData', window: { predictions: predicted } }]);
  });

  it('notices shifted rows, measures how the model does on them, and asks for a retraining once', async () => {
    const instances = instancesOf('data/shifted-rows.csv');
    const truth = truthOf('data/shifted-rows.csv');
    const rows = instances.length;
    // Drift is told of in the first of two windows; both are measured.
    for (const windows of [1, 2]) {
      const { predictions } = await journey.as().call(predict, { params, body: { instances } });
      const evaluation = await journey.eventually(`judged window ${windows}`, async () => {
        const { evaluations } = await journey.as().call(readDrift, { params });
        return evaluations.length === 1 + windows ? evaluations[0] : undefined;
      });
      expect(evaluation).toMatchObject({ verdict: 'Drift', modelVersion: 1, window: { predictions: rows } });
      const labels = predictions.map(({ inferenceId }, index) => ({
        inferenceId,
        value: truth[index] ?? '',
      }));
      const taken = await journey.as().call(sendGroundTruth, { params, body: { labels } });
      expect(taken).toEqual({ accepted: rows });
      const measured = await journey.eventually(`the performance in window ${windows}`, async () => {
        const { measurements } = await journey.as().call(readPerformance, { params });
        // Labels may come in several parts, each of which is measured.
        const [newest] = measurements;
        return measurements.length === windows && newest?.labelled === rows ? newest : undefined;
      });
      expect(measured).toMatchObject({ labelled: rows, coverage: 1, verdict: 'Degraded' });
    }
    await journey.approvalOf(2);
    expect(await journey.audited('DriftDetected')).toHaveLength(1);
    expect(await journey.audited('TrainingRequested')).toHaveLength(2);
  });

  it('compares the challenger with the champion on the same rows, and rolls it out', async () => {
    const [training] = (await journey.as().call(listTrainings, { params })).items;
    expect(training).toMatchObject({ trigger: 'Drift', datasetVersion: 2, modelVersion: 2 });
    const trainingId = training?.trainingId ?? '';
    const evaluation = await journey.as().call(readEvaluation, { params: { ...params, trainingId } });
    expect(evaluation).toMatchObject({ verdict: 'Pass', championMetrics: { auc: expect.any(Number) } });
    expect(evaluation.gates.map(({ gate }) => gate)).toContainEqual(expect.stringContaining('champion'));
    await journey.decide(await journey.approvalOf(2), 'approved');
    await journey.promotion(2);
    const body = { instances: instancesOf('data/shifted-rows.csv') };
    const answer = await journey.eventually('predictions of version 2', async () => {
      const given = await journey.as().call(predict, { params, body });
      return given.modelVersion === 2 ? given : undefined;
    });
    const truth = truthOf('data/shifted-rows.csv');
    const right = answer.predictions.filter(({ value }, index) => value === truth[index]);
    expect(right.length / truth.length).toBeGreaterThanOrEqual(0.9);
    const champions = await journey.as().call(listAliasHistory, { params: { ...params, alias: 'champion' } });
    expect(champions.items.map(({ toVersion }) => toVersion)).toEqual([2, 1]);
  });

  it('keeps an audit chain that is intact', async () => {
    const verification = await journey.as().call(verifyAuditChain, { params });
    expect(verification.intact).toBe(true);
    expect(verification.entries).toBeGreaterThan(10);
  });
});
