import { artifactPath } from './copy-artifacts.ts';
import type { LoggedModel, ModelVersion, RegisteredModel, Run } from './messages.ts';
import { MlflowRefusal } from './mlflow-server.ts';
import { copiedFromTags, type Transfer, taggedCopy } from './transfer.ts';

const perPage = 100;
/** Prompts are registered models that a search leaves out unless it asks for them. */
const filters = ['', "tags.`mlflow.prompt.is_prompt` = 'true'"];

/** Copies registered models and prompts with versions, aliases, tags and stages, after runs and logged models. */
export async function copyRegistry(transfer: Transfer): Promise<void> {
  const { source } = transfer;
  for (const filter of filters) {
    const models = source.pages<RegisteredModel>(async (pageToken) => {
      const page = await source.get<{ registered_models?: RegisteredModel[]; next_page_token?: string }>(
        'registered-models/search',
        {
          max_results: perPage,
          ...(filter ? { filter } : {}),
          ...(pageToken ? { page_token: pageToken } : {}),
        },
      );
      return { items: page.registered_models ?? [], pageToken: page.next_page_token };
    });
    for await (const model of models) await copyModel(transfer, model);
  }
}

async function copyModel(transfer: Transfer, model: RegisteredModel): Promise<void> {
  const { target, journal, report } = transfer;
  const { name } = model;
  await journal.once(`registered model ${name}`, async () => {
    const { description, tags = [] } = model;
    await ignoring('RESOURCE_ALREADY_EXISTS', () =>
      target.send('POST', 'registered-models/create', {
        name,
        tags,
        ...(description ? { description } : {}),
      }),
    );
    report.count('registeredModels');
    return name;
  });
  for (const version of await versionsOf(transfer, name)) {
    try {
      await copyVersion(transfer, version);
    } catch (error) {
      if (!(error instanceof MlflowRefusal && error.status < 500)) throw error;
      report.leave(`${name} version ${version.version}`, error.message);
    }
  }
  for (const { alias, version } of model.aliases ?? []) {
    const copied = journal.get(versionKey(name, version));
    if (copied === undefined) continue;
    await target.send('POST', 'registered-models/alias', { name, alias, version: copied });
    report.count('aliases');
  }
  transfer.progress(`✓ model ${name}`);
}

const versionKey = (name: string, version: string): string => `model version ${name} ${version}`;

/** Oldest first. */
async function versionsOf({ source }: Transfer, name: string): Promise<ModelVersion[]> {
  const found: ModelVersion[] = [];
  const versions = source.pages<ModelVersion>(async (pageToken) => {
    const page = await source.get<{ model_versions?: ModelVersion[]; next_page_token?: string }>(
      'model-versions/search',
      {
        filter: `name = '${name.replaceAll("'", "''")}'`,
        max_results: perPage,
        ...(pageToken ? { page_token: pageToken } : {}),
      },
    );
    return { items: page.model_versions ?? [], pageToken: page.next_page_token };
  });
  for await (const version of versions) found.push(version);
  return found.sort((a, b) => Number(a.version) - Number(b.version));
}

/**
 * Numbers stay what they were: where the source deleted versions, the numbers between are taken and given up, since no number is
 * ever used again.
 */
async function copyVersion(transfer: Transfer, version: ModelVersion): Promise<void> {
  const { target, journal, report } = transfer;
  const { name } = version;
  const key = versionKey(name, version.version);
  if (journal.get(key) !== undefined) return;
  const message = await versionMessage(transfer, version);
  for (;;) {
    const { model_version: made } = await target.send<{ model_version: ModelVersion }>(
      'POST',
      'model-versions/create',
      message,
    );
    const number = Number(made.version);
    if (number < Number(version.version)) {
      await target.send('DELETE', 'model-versions/delete', { name, version: made.version });
      continue;
    }
    if (number > Number(version.version)) {
      report.leave(
        `number of ${name} version ${version.version}`,
        `the target had versions: it is version ${number} there`,
      );
    }
    await stage(transfer, version, made.version);
    report.count('modelVersions');
    journal.note(key, made.version);
    return;
  }
}

async function stage(
  { target }: Transfer,
  { name, current_stage: current }: ModelVersion,
  version: string,
): Promise<void> {
  if (!current || current === 'None') return;
  await target.send('POST', 'model-versions/transition-stage', {
    name,
    version,
    stage: current,
    archive_existing_versions: false,
  });
}

async function versionMessage(transfer: Transfer, version: ModelVersion): Promise<Record<string, unknown>> {
  const { journal } = transfer;
  const runId = version.run_id ? journal.get(`run ${version.run_id}`) : undefined;
  const modelId = modelIdOf(version);
  const copiedModelId = modelId ? journal.get(`logged model ${modelId}`) : undefined;
  return {
    name: version.name,
    source: await copiedSource(transfer, version, runId, copiedModelId),
    ...(runId ? { run_id: runId } : {}),
    ...(copiedModelId ? { model_id: copiedModelId } : {}),
    ...(version.description ? { description: version.description } : {}),
    tags: taggedCopy(transfer, version.tags ?? [], [{ key: copiedFromTags.version, value: version.version }]),
  };
}

const modelIdOf = ({ model_id: id, source }: ModelVersion): string | undefined =>
  id || /(?:^models:\/|\/models\/)(m-[0-9a-f]{32})/.exec(source)?.[1];

/** The source with the places that its run or logged model has at the target; else as it was. */
async function copiedSource(
  { source, target, report }: Transfer,
  version: ModelVersion,
  runId: string | undefined,
  modelId: string | undefined,
): Promise<string> {
  if (modelId) {
    if (version.source.startsWith('models:/')) return `models:/${modelId}`;
    const { model } = await target.get<{ model: LoggedModel }>(`logged-models/${modelId}`);
    return model.info.artifact_uri;
  }
  if (runId && version.run_id) {
    if (version.source.startsWith('runs:/')) return version.source.replace(version.run_id, runId);
    const [before, after] = await Promise.all([
      source.get<{ run: Run }>('runs/get', { run_id: version.run_id }),
      target.get<{ run: Run }>('runs/get', { run_id: runId }),
    ]);
    const root = artifactPath(before.run.info.artifact_uri);
    const place = artifactPath(version.source);
    if (place.startsWith(root)) return after.run.info.artifact_uri + place.slice(root.length);
  }
  // Of another registered version, which has the same name and number there.
  if (version.source.startsWith('models:/')) return version.source;
  report.leave(`source of ${version.name} version ${version.version}`, `it stays at ${version.source}`);
  return version.source;
}

async function ignoring(errorCode: string, send: () => Promise<unknown>): Promise<void> {
  try {
    await send();
  } catch (error) {
    if (!(error instanceof MlflowRefusal && error.errorCode === errorCode)) throw error;
  }
}
