import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readLineage, verifyAuditChain } from '#services/governance/contract.ts';
import { predict } from '#services/predictions/contract.ts';
import { listModelVersions } from '#services/registry/contract.ts';
import { ProjectJourney } from './journey.ts';
import { Platform } from './platform.ts';
import { exampleText, instancesOf, truthOf } from './project.ts';

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
  afterAll(() => platform.close());

  it('brings an upload into service once people have approved it', async () => {
    const key = await journey.upload(exampleText('data/first-upload.csv'));
    expect(await journey.outcomeOf(key)).toMatchObject({ status: 'created', datasetVersion: 1 });
    const request = await journey.approvalOf(1);
    expect(request).toMatchObject({ status: 'pending', quorum: 1 });
    expect(request.metrics['auc']).toBeGreaterThan(0.95);
    expect((await journey.deployment()).routing).toBeUndefined();
    await journey.decide(request, 'approved');
    await journey.release(1, 'completed');
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
    expect(right.length / truth.length).toBeGreaterThanOrEqual(0.9);
    for (const { value, probabilities } of answer.predictions) {
      expect((probabilities?.['0'] ?? 0) + (probabilities?.['1'] ?? 0)).toBeCloseTo(1);
      expect(probabilities?.[value]).toBeGreaterThanOrEqual(0.5);
    }
    expect(new Set(answer.predictions.map(({ inferenceId }) => inferenceId)).size).toBe(truth.length);
    const { items } = await journey.as().call(listModelVersions, { params });
    expect(answer).toMatchObject({ modelVersion: 1, artifactSha256: items[0]?.artifact.sha256 });
  });

  it('leads from a prediction back to the upload', async () => {
    const body = { instances: instancesOf('data/rows.csv').slice(0, 1) };
    const { predictions } = await journey.as().call(predict, { params, body });
    const id = predictions[0]?.inferenceId ?? '';
    const graph = await journey.as().call(readLineage, { params: { ...params, kind: 'prediction', id } });
    const path = [graph.root];
    for (const relation of ['predicted', 'produced', 'trained', 'built into', 'became']) {
      const edge = graph.edges.find((one) => one.relation === relation && one.to === path.at(-1));
      expect(edge, `an edge '${relation}' to ${path.at(-1)}`).toBeDefined();
      path.push(edge?.from ?? '');
    }
    expect(path.at(-1)).toMatch(new RegExp(`^upload:incoming/${journey.project}/.+-rows.csv$`));
    expect(graph.nodes.map((node) => node.id)).toEqual(expect.arrayContaining(path));
  });

  it('keeps an audit chain that is intact', async () => {
    const verification = await journey.as().call(verifyAuditChain, { params });
    expect(verification.intact).toBe(true);
    expect(verification.entries).toBeGreaterThan(10);
  });
});
