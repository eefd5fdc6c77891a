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
  readonly webhookId: string;
}

let count = 0;

/** An experiment with a run that has a metric, a param, a tag and a file, and a deleted one of each. */
export async function seedMlflow(ask: AskAsAdmin, project: string): Promise<MlflowThings> {
  count += 1;
  const experimentName = `${project}/experiment-${count}`;
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
      start_time: count,
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
  const artifactPath = `${artifactUri.replace(/^mlflow-artifacts:\/*/, '')}/notes.txt`;
  await ask('PUT', `/api/2.0/mlflow-artifacts/artifacts/${artifactPath}`, `Notes of ${project}`);
  const { run_id: deletedRunId } = await run();
  await ask('POST', '/api/2.0/mlflow/runs/delete', { run_id: deletedRunId });
  const model = `${project}.model-${count}`;
  await ask('POST', '/api/2.0/mlflow/registered-models/create', { name: model, tags });
  const source = artifactUri;
  await ask('POST', '/api/2.0/mlflow/model-versions/create', { name: model, source, run_id: runId, tags });
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
  };
}
