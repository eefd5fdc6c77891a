import { copyArtifacts } from './copy-artifacts.ts';
import type { LoggedModel, Metric } from './messages.ts';
import { MlflowRefusal } from './mlflow-server.ts';
import { copiedFromTags, type Transfer, taggedCopy } from './transfer.ts';

const modelsPerPage = 50;

/** Copies the logged models of an experiment, after its runs. Servers before MLflow 3 have none. */
export async function copyLoggedModels(transfer: Transfer, from: string, to: string): Promise<void> {
  const { source } = transfer;
  const models = source.pages<LoggedModel>(async (pageToken) => {
    const page = await source.send<{ models?: LoggedModel[]; next_page_token?: string }>(
      'POST',
      'logged-models/search',
      {
        experiment_ids: [from],
        max_results: modelsPerPage,
        ...(pageToken === undefined ? {} : { page_token: pageToken }),
      },
    );
    return { items: page.models ?? [], pageToken: page.next_page_token };
  });
  try {
    for await (const model of models) await copyLoggedModel(transfer, to, model);
  } catch (error) {
    if (!(error instanceof MlflowRefusal && error.errorCode === 'ENDPOINT_NOT_FOUND')) throw error;
  }
}

async function copyLoggedModel(transfer: Transfer, experimentId: string, model: LoggedModel): Promise<void> {
  const { target, journal, report } = transfer;
  const { info, data } = model;
  if (journal.get(`logged model ${info.model_id} done`) !== undefined) return;
  const runId = info.source_run_id ? journal.get(`run ${info.source_run_id}`) : undefined;
  const modelId = await journal.once(`logged model ${info.model_id}`, async () => {
    const made = await target.send<{ model: LoggedModel }>('POST', 'logged-models', {
      experiment_id: experimentId,
      name: info.name,
      ...(info.model_type ? { model_type: info.model_type } : {}),
      ...(runId ? { source_run_id: runId } : {}),
      params: data?.params ?? [],
      tags: taggedCopy(transfer, info.tags ?? [], [{ key: copiedFromTags.model, value: info.model_id }]),
    });
    return made.model.info.model_id;
  });
  const { model: made } = await target.get<{ model: LoggedModel }>(`logged-models/${modelId}`);
  await copyArtifacts(transfer, {
    from: info.artifact_uri,
    to: made.info.artifact_uri,
    owner: `logged model ${info.model_id}`,
  });
  if (runId) {
    await target.send('POST', 'runs/outputs', { run_id: runId, models: [{ model_id: modelId, step: 0 }] });
  }
  await logMetrics(transfer, modelId, data?.metrics ?? []);
  await target.send('PATCH', `logged-models/${modelId}`, { model_id: modelId, status: info.status });
  report.count('loggedModels');
  journal.note(`logged model ${info.model_id} done`, modelId);
}

/** Metrics of a model were logged by runs, which need not be the one that made it. */
async function logMetrics(
  { target, journal }: Transfer,
  modelId: string,
  metrics: readonly Metric[],
): Promise<void> {
  for (const [source, logged] of Map.groupBy(metrics, ({ run_id: source }) => source ?? '')) {
    const runId = journal.get(`run ${source}`);
    if (runId === undefined) continue;
    const ofModel = logged.map(({ run_id: _source, ...metric }) => ({ ...metric, model_id: modelId }));
    await target.send('POST', 'runs/log-batch', { run_id: runId, metrics: ofModel });
  }
}
