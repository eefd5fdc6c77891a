/** Asks MLflow's API as somebody who may do everything; throws what it answers otherwise than well. */
export type AskAsAdmin = (method: string, path: string, message: unknown) => Promise<Record<string, never>>;

/** What a project has that MLflow's API can be asked for. */
export interface MlflowThings {
  readonly project: string;
  readonly experimentId: string;
  readonly experimentName: string;
  readonly deletedExperimentId: string;
  readonly runId: string;
  readonly deletedRunId: string;
  /** Artifact path of a file of the run, as the artifact proxy names it. */
  readonly artifactPath: string;
  /** A registered model with version 1 and the alias `blue`. */
  readonly model: string;
  /** What its version was made from: a file `weights.txt`, below the run's artifacts. */
  readonly modelSource: string;
  readonly webhookId: string;
  /** A logged model with a file `weights.txt`. */
  readonly modelId: string;
  /** An evaluation dataset with a record. */
  readonly datasetId: string;
  readonly datasetRecordId: string;
  /** A trace with an assessment; the experiment has a scorer `judge` besides. */
  readonly traceId: string;
  readonly assessmentId: string;
}

let count = 0;

/** An experiment with a run that has a metric, a param, a tag, a file and a dataset, a deleted one of each, and all else that a project has. */
export async function seedMlflow(ask: AskAsAdmin, project: string): Promise<MlflowThings> {
  count += 1;
  const number = count;
  const experimentName = `${project}/experiment-${number}`;
  const tags = [
    { key: 'millrace.project', value: project },
    { key: 'colour', value: project },
  ];
  const experiment = async (name: string) => {
    const created = await ask('POST', '/api/2.0/mlflow/experiments/create', { name, tags });
    return String(created['experiment_id']);
  };
  const experimentId = await experiment(experimentName);
  const deletedExperimentId = await experiment(`${experimentName}-deleted`);
  await ask('POST', '/api/2.0/mlflow/experiments/delete', { experiment_id: deletedExperimentId });
  const run = async () => {
    const answer = await ask('POST', '/api/2.0/mlflow/runs/create', {
      experiment_id: experimentId,
      start_time: number,
      tags: [{ key: 'colour', value: project }],
    });
    return (answer as unknown as { run: { info: { run_id: string; artifact_uri: string } } }).run.info;
  };
  const { run_id: runId, artifact_uri: artifactUri } = await run();
  const metric = { key: 'loss', value: 1, timestamp: 1, step: 1 };
  await ask('POST', '/api/2.0/mlflow/runs/log-batch', {
    run_id: runId,
    metrics: [metric],
    params: [{ key: 'depth', value: project }],
  });
  const artifactPath = await putArtifact(ask, `${artifactUri}/notes.txt`, `Notes of ${project}`);
  const modelSource = `${artifactUri}/model`;
  await putArtifact(ask, `${modelSource}/weights.txt`, project);
  const dataset = { name: project, digest: 'x', source_type: 'local', source: '{}' };
  await ask('POST', '/api/2.0/mlflow/runs/log-inputs', { run_id: runId, datasets: [{ dataset }] });
  const { run_id: deletedRunId } = await run();
  await ask('POST', '/api/2.0/mlflow/runs/delete', { run_id: deletedRunId });
  const model = `${project}.model-${number}`;
  await ask('POST', '/api/2.0/mlflow/registered-models/create', { name: model, tags });
  const version = { name: model, source: modelSource, run_id: runId, tags };
  await ask('POST', '/api/2.0/mlflow/model-versions/create', version);
  const alias = { name: model, alias: 'blue', version: '1' };
  await ask('POST', '/api/2.0/mlflow/registered-models/alias', alias);
  const webhook = await ask('POST', '/api/2.0/mlflow/webhooks', {
    name: `hook-of-${project}`,
    url: 'https://example.com/hook',
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
  });
  const webhookId = (webhook as unknown as { webhook: { webhook_id: string } }).webhook.webhook_id;
  return {
    project,
    model,
    webhookId,
    experimentId,
    experimentName,
    deletedExperimentId,
    runId,
    deletedRunId,
    artifactPath,
    modelSource,
    ...(await seedLoggedModel(ask, project, experimentId)),
    ...(await seedEvaluation(ask, project, experimentId)),
    ...(await seedTrace(ask, project, experimentId, `tr-${project}-${number}`)),
  };
}

/** Keeps a file by its address; returns its path at the artifact proxy. */
async function putArtifact(ask: AskAsAdmin, address: string, text: string): Promise<string> {
  const artifactPath = address.replace(/^mlflow-artifacts:\/*/, '');
  await ask('PUT', `/api/2.0/mlflow-artifacts/artifacts/${artifactPath}`, text);
  return artifactPath;
}

async function seedLoggedModel(ask: AskAsAdmin, project: string, experimentId: string) {
  const answer = await ask('POST', '/api/2.0/mlflow/logged-models', {
    experiment_id: experimentId,
    name: `of-${project}`,
    tags: [{ key: 'colour', value: project }],
  });
  const { info } = answer['model'] as unknown as { info: { model_id: string; artifact_uri: string } };
  await putArtifact(ask, `${info.artifact_uri}/weights.txt`, project);
  return { modelId: info.model_id };
}

async function seedEvaluation(ask: AskAsAdmin, project: string, experimentId: string) {
  const created = await ask('POST', '/api/3.0/mlflow/datasets/create', {
    name: `questions-of-${project}`,
    experiment_ids: [experimentId],
    tags: JSON.stringify({ colour: project }),
  });
  const { dataset_id: datasetId } = created['dataset'] as unknown as { dataset_id: string };
  const records = `/api/3.0/mlflow/datasets/${datasetId}/records`;
  await ask('POST', records, { records: JSON.stringify([{ inputs: { asked: project } }]) });
  const written = await ask('GET', records, undefined);
  const [record] = JSON.parse(String(written['records'])) as { dataset_record_id: string }[];
  await ask('POST', '/api/3.0/mlflow/scorers/register', {
    experiment_id: experimentId,
    name: 'judge',
    serialized_scorer: JSON.stringify({ of: project }),
  });
  return { datasetId, datasetRecordId: record!.dataset_record_id };
}

/** A trace as clients tell of it. */
export const traceInfoMessage = (experimentId: string, traceId: string, tags: object = {}) => ({
  trace_id: traceId,
  trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
  request_time: '2026-01-01T00:00:00Z',
  state: 'OK',
  tags,
});

async function seedTrace(ask: AskAsAdmin, project: string, experimentId: string, traceId: string) {
  const info = traceInfoMessage(experimentId, traceId, { colour: project });
  await ask('POST', '/api/3.0/mlflow/traces', { trace: { trace_info: info } });
  const answer = await ask('POST', `/api/3.0/mlflow/traces/${traceId}/assessments`, {
    assessment: { assessment_name: project, source: { source_type: 'HUMAN' }, feedback: { value: 1 } },
  });
  const { assessment_id: assessmentId } = answer['assessment'] as unknown as { assessment_id: string };
  return { traceId, assessmentId };
}
