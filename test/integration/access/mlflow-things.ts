/** Asks MLflow's API as somebody who may do everything; throws what it answers otherwise than well. */
export type AskAsAdmin = (
  method: string,
  path: string,
  message?: unknown,
  headers?: Readonly<Record<string, string>>,
) => Promise<Record<string, never>>;

/** What a project has that MLflow's API can be asked for. */
export interface MlflowThings extends OfExperiment, OfRun, OfModel, OfEvaluation, OfTrace {
  readonly project: string;
  readonly modelId: string;
  readonly webhookId: string;
}

interface OfExperiment {
  readonly experimentId: string;
  readonly experimentName: string;
  readonly deletedExperimentId: string;
}

interface OfRun {
  readonly runId: string;
  readonly deletedRunId: string;
  /** Artifact path of a file of the run, as the artifact proxy names it. */
  readonly artifactPath: string;
  /** A folder of the run's artifacts, with a file `weights.txt`. */
  readonly modelSource: string;
}

interface OfModel {
  /** A registered model with version 1, made from the run's folder, and the alias `blue`. */
  readonly model: string;
}

interface OfEvaluation {
  /** An evaluation dataset with a record. */
  readonly datasetId: string;
  readonly datasetRecordId: string;
  /** The name of a scorer of the experiment. */
  readonly scorer: string;
}

interface OfTrace {
  /** A trace with a span and an assessment. */
  readonly traceId: string;
  readonly assessmentId: string;
}

let count = 0;
const next = (): number => {
  count += 1;
  return count;
};
const coloured = (project: string) => [
  { key: 'millrace.project', value: project },
  { key: 'colour', value: project },
];

/** All that a project has. */
export async function seedMlflow(ask: AskAsAdmin, project: string): Promise<MlflowThings> {
  const experiment = { project, ...(await newExperiment(ask, { project })) };
  const run = { ...experiment, ...(await newRun(ask, experiment)) };
  return {
    ...run,
    ...(await newModel(ask, run)),
    ...(await newLoggedModel(ask, run)),
    ...(await newEvaluation(ask, run)),
    ...(await newTrace(ask, run)),
    ...(await newWebhook(ask)),
  };
}

type Of<T> = Pick<MlflowThings, 'project'> & T;

/** An experiment, and a deleted one. */
export async function newExperiment(ask: AskAsAdmin, { project }: Of<object>): Promise<OfExperiment> {
  const experimentName = `${project}/experiment-${next()}`;
  const create = async (name: string) => {
    const tags = coloured(project);
    return String((await ask('POST', '/api/2.0/mlflow/experiments/create', { name, tags }))['experiment_id']);
  };
  const experimentId = await create(experimentName);
  const deletedExperimentId = await create(`${experimentName}-deleted`);
  await ask('POST', '/api/2.0/mlflow/experiments/delete', { experiment_id: deletedExperimentId });
  return { experimentId, experimentName, deletedExperimentId };
}

/** A run that has a metric, a param, a tag, a dataset and two files, and a deleted one. */
export async function newRun(ask: AskAsAdmin, { project, experimentId }: Of<OfExperiment>): Promise<OfRun> {
  const create = async () => {
    const message = { experiment_id: experimentId, start_time: next(), tags: coloured(project) };
    const { run } = await ask('POST', '/api/2.0/mlflow/runs/create', message);
    return (run as unknown as { info: { run_id: string; artifact_uri: string } }).info;
  };
  const { run_id: runId, artifact_uri: artifactUri } = await create();
  await ask('POST', '/api/2.0/mlflow/runs/log-batch', {
    run_id: runId,
    metrics: [{ key: 'loss', value: 1, timestamp: 1, step: 1 }],
    params: [{ key: 'depth', value: project }],
  });
  const dataset = { name: project, digest: 'x', source_type: 'local', source: '{}' };
  await ask('POST', '/api/2.0/mlflow/runs/log-inputs', { run_id: runId, datasets: [{ dataset }] });
  const artifactPath = await putArtifact(ask, `${artifactUri}/notes.txt`, `Notes of ${project}`);
  const modelSource = `${artifactUri}/model`;
  await putArtifact(ask, `${modelSource}/weights.txt`, project);
  const { run_id: deletedRunId } = await create();
  await ask('POST', '/api/2.0/mlflow/runs/delete', { run_id: deletedRunId });
  return { runId, deletedRunId, artifactPath, modelSource };
}

/** Keeps a file by its address; returns its path at the artifact proxy. */
async function putArtifact(ask: AskAsAdmin, address: string, text: string): Promise<string> {
  const artifactPath = address.replace(/^mlflow-artifacts:\/*/, '');
  await ask('PUT', `/api/2.0/mlflow-artifacts/artifacts/${artifactPath}`, text);
  return artifactPath;
}

export async function newModel(
  ask: AskAsAdmin,
  { project, runId, modelSource }: Of<OfRun>,
): Promise<OfModel> {
  const name = `${project}.model-${next()}`;
  const tags = coloured(project);
  await ask('POST', '/api/2.0/mlflow/registered-models/create', { name, tags });
  const version = { name, source: modelSource, run_id: runId, tags };
  await ask('POST', '/api/2.0/mlflow/model-versions/create', version);
  await ask('POST', '/api/2.0/mlflow/registered-models/alias', { name, alias: 'blue', version: '1' });
  return { model: name };
}

/** A logged model with a file `weights.txt`. */
export async function newLoggedModel(ask: AskAsAdmin, { project, experimentId }: Of<OfExperiment>) {
  const name = `of-${project}`;
  const message = { experiment_id: experimentId, name, tags: coloured(project) };
  const { model } = await ask('POST', '/api/2.0/mlflow/logged-models', message);
  const { info } = model as unknown as { info: { model_id: string; artifact_uri: string } };
  await putArtifact(ask, `${info.artifact_uri}/weights.txt`, project);
  return { modelId: info.model_id };
}

export async function newEvaluation(
  ask: AskAsAdmin,
  { project, experimentId }: Of<OfExperiment>,
): Promise<OfEvaluation> {
  const name = `questions-of-${project}-${next()}`;
  const tags = JSON.stringify({ colour: project });
  const message = { name, experiment_ids: [experimentId], tags };
  const { dataset } = await ask('POST', '/api/3.0/mlflow/datasets/create', message);
  const { dataset_id: datasetId } = dataset as unknown as { dataset_id: string };
  const address = `/api/3.0/mlflow/datasets/${datasetId}/records`;
  await ask('POST', address, { records: JSON.stringify([{ inputs: { asked: project } }]) });
  const { records } = await ask('GET', address);
  const [record] = JSON.parse(records!) as { dataset_record_id: string }[];
  const scorer = `judge-${next()}`;
  await ask('POST', '/api/3.0/mlflow/scorers/register', {
    experiment_id: experimentId,
    name: scorer,
    serialized_scorer: JSON.stringify({ of: project }),
  });
  return { datasetId, datasetRecordId: record!.dataset_record_id, scorer };
}

/** A trace as clients tell of it. */
export const traceInfoMessage = (experimentId: string, traceId: string, tags: object = {}) => ({
  trace_id: traceId,
  trace_location: { type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: experimentId } },
  request_time: '2026-01-01T00:00:00Z',
  state: 'OK',
  tags,
});

/** A span of a trace of its own, as OTLP's JSON, and what it is sent with. */
export const exportedSpan = (traceId: string) =>
  JSON.stringify({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId,
                spanId: '00000000000000a1',
                name: 'root',
                startTimeUnixNano: '1767225600000000000',
                endTimeUnixNano: '1767225600010000000',
              },
            ],
          },
        ],
      },
    ],
  });
export const exportHeaders = ({ experimentId }: Pick<OfExperiment, 'experimentId'>) => ({
  'content-type': 'application/json',
  'x-mlflow-experiment-id': experimentId,
});

export async function newTrace(ask: AskAsAdmin, of: Of<OfExperiment>): Promise<OfTrace> {
  const otlpTraceId = next().toString(16).padStart(32, '0');
  const traceId = `tr-${otlpTraceId}`;
  const info = traceInfoMessage(of.experimentId, traceId, { colour: of.project });
  await ask('POST', '/v1/traces', exportedSpan(otlpTraceId), exportHeaders(of));
  await ask('POST', '/api/3.0/mlflow/traces', { trace: { trace_info: info } });
  const { assessment } = await ask('POST', `/api/3.0/mlflow/traces/${traceId}/assessments`, {
    assessment: { assessment_name: of.project, source: { source_type: 'HUMAN' }, feedback: { value: 1 } },
  });
  const { assessment_id: assessmentId } = assessment as unknown as { assessment_id: string };
  return { traceId, assessmentId };
}

/** Webhooks belong to no project. */
export async function newWebhook(ask: AskAsAdmin) {
  const { webhook } = await ask('POST', '/api/2.0/mlflow/webhooks', {
    name: `hook-${next()}`,
    url: 'https://example.com/hook',
    events: [{ entity: 'MODEL_VERSION', action: 'CREATED' }],
  });
  return { webhookId: (webhook as unknown as { webhook_id: string }).webhook_id };
}
