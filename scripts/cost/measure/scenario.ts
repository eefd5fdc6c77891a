import { readFileSync } from 'node:fs';
import { decideApproval, listApprovals, readApproval } from '#services/approvals/contract.ts';
import { applyProject, readProject } from '#services/projects/contract.ts';
import { requestTraining } from '#services/training/contract.ts';
import { exampleFile, exampleProject as project } from '../../cli/commands/example.ts';
import { featureTypes } from '../../cli/commands/predictions.ts';
import { uploadFile } from '../../cli/commands/upload.ts';
import type { Counters } from './counters.ts';
import { measureServing, type Scenario, type ServingUnits, windowPredictions } from './serving.ts';

/** The release machine's state in which people are asked. */
const waiting = 'AwaitApproval';
/** What one of each thing takes. */
export type MeasuredUnits = ServingUnits &
  Readonly<Record<'project' | 'upload' | 'training' | 'release', Counters>>;

/** Walks the loop twice and counts the second time, when there is a champion to compare with and to retire. */
export async function measureUnits(scenario: Scenario): Promise<MeasuredUnits> {
  const { meter, say } = scenario;
  await meter.rest();
  say('project');
  const projectApplied = await meter.count(() => apply(scenario));
  say('first model, which is not counted');
  await meter.count(() => upload(scenario, 'data/first-upload.csv'));
  await meter.count(() => train(scenario), waiting);
  const first = await pendingApproval(scenario);
  await meter.count(() => approve(scenario, first));

  say('upload');
  const uploaded = await meter.count(() => upload(scenario, 'data/shifted-upload.csv'));
  say('training');
  const training = await meter.count(() => train(scenario), waiting);
  const second = await pendingApproval(scenario);
  await meter.rest(waiting);
  say('release');
  const release = await meter.count(() => approve(scenario, second));
  const { definition } = await scenario.client.call(readProject, { params: { project } });
  await meter.rest();
  return {
    project: projectApplied,
    upload: uploaded,
    training,
    release,
    ...(await measureServing({ ...scenario, types: featureTypes(definition) })),
  };
}

async function apply({ client }: Scenario): Promise<void> {
  const body = readFileSync(exampleFile('project.yaml'), 'utf8')
    .replace('onNewData: first', 'onNewData: never')
    .replace('graceSeconds: 600', 'graceSeconds: 0')
    .replace('windowPredictions: 100', `windowPredictions: ${windowPredictions}`)
    .replace('retrainOn: [drift, performance]', 'retrainOn: []');
  await client.call(applyProject, { params: { project }, body });
}

async function upload({ client }: Scenario, file: string): Promise<void> {
  await uploadFile(client, project, exampleFile(file));
}

async function train({ client }: Scenario): Promise<void> {
  const body = { reason: 'Measured.' };
  const { decision, message } = await client.call(requestTraining, { params: { project }, body });
  if (decision !== 'requested') throw new Error(`The governor refused the training: ${message}`);
}

/** Asked outside of what is counted. */
async function pendingApproval({ client }: Scenario): Promise<string> {
  const { items } = await client.call(listApprovals, { params: {}, query: { status: 'pending' } });
  const [approval] = items;
  if (!approval) throw new Error('No approval is pending: the release was closed before people were asked.');
  return approval.approvalId;
}

async function approve({ client }: Scenario, approvalId: string): Promise<void> {
  const params = { approvalId };
  const { subjectDigest } = await client.call(readApproval, { params });
  const body = { decision: 'approved' as const, comment: 'Approved by the measurement.', subjectDigest };
  await client.call(decideApproval, { params, body });
}
