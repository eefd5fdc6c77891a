import type { Caller } from '#shared/contracts/caller.ts';
import { type DatasetInput, datasetKey, descriptionBytes, storableInputs } from '../domain/dataset.ts';
import { invalidParameterValue } from '../domain/limits.ts';
import { extended, type ModelOutput, ownValue, type TrackedRun } from '../domain/run.ts';
import type { DatasetStore } from '../ports/dataset-store.ts';
import { changeRun } from './change-run.ts';
import type { CoreDeps } from './deps.ts';

type InputDeps = CoreDeps & { readonly datasets: DatasetStore };

/** Says which datasets and logged models a run read; what was said before stays. Throws what `changeRun` throws, InvalidParameter. */
export async function logInputs(
  deps: InputDeps,
  caller: Caller,
  runId: string,
  inputs: { readonly datasets: readonly DatasetInput[]; readonly modelIds: readonly string[] },
): Promise<void> {
  const datasets = storableInputs(inputs.datasets);
  // Descriptions first: a run never names a dataset that is not there. The first change finds out whether the caller may.
  if (datasets.length > 0) {
    const { experimentId } = await changeRun(deps, caller, runId, (run) => ({ run }));
    await deps.datasets.save(experimentId, datasets);
  }
  await changeRun(deps, caller, runId, (run) => {
    const known = new Set(run.datasets.map(datasetKey));
    const added = datasets
      .filter(({ dataset }) => !known.has(datasetKey(dataset)))
      .map(({ dataset, tags }) => ({
        name: dataset.name,
        digest: dataset.digest,
        tags,
        bytes: descriptionBytes(dataset),
      }));
    const modelIds = inputs.modelIds.filter((id) => !run.modelInputs.includes(id));
    if (added.length === 0 && modelIds.length === 0) return { run };
    return {
      run: {
        ...run,
        datasets: [...run.datasets, ...added],
        modelInputs: [...run.modelInputs, ...new Set(modelIds)],
      },
    };
  });
}

/** Says which logged models a run made. Throws what `changeRun` throws. */
export async function logOutputs(
  deps: CoreDeps,
  caller: Caller,
  runId: string,
  models: readonly ModelOutput[],
): Promise<void> {
  await changeRun(deps, caller, runId, (run) => {
    const known = new Map(run.modelOutputs.map(({ modelId, step }) => [modelId, step]));
    if (models.every(({ modelId, step }) => known.get(modelId) === step)) return { run };
    for (const { modelId, step } of models) known.set(modelId, step);
    const modelOutputs = [...known].map(([modelId, step]) => ({ modelId, step }));
    return { run: { ...run, modelOutputs } };
  });
}

/** The tag in which clients of MLflow 2 find the models that a run logged. */
const loggedModelsTag = 'mlflow.log-model.history';
const mandatoryMembers = ['artifact_path', 'flavors', 'utc_time_created', 'run_id'] as const;
const toldMembers = ['run_id', 'utc_time_created', 'artifact_path', 'model_uuid'] as const;
/** MLflow lets this tag alone grow; here a run must stay readable in one answer. */
const maxHistoryLength = 500_000;

/** Notes a model that an MLflow 2 client logged as an artifact of the run. Throws what `changeRun` throws, InvalidParameter. */
export async function logModel(
  deps: CoreDeps,
  caller: Caller,
  runId: string,
  modelJson: string,
): Promise<void> {
  const model = toldModel(modelJson);
  await changeRun(deps, caller, runId, (run) => ({ run: withModel(run, model) }));
}

function withModel(run: TrackedRun, model: Readonly<Record<string, unknown>>): TrackedRun {
  const before = listOf(ownValue(run.tags, loggedModelsTag));
  const text = JSON.stringify(model);
  // A client that repeats a call says the same again.
  if (before.some((known) => JSON.stringify(known) === text)) return run;
  const history = JSON.stringify([...before, model]);
  if (history.length > maxHistoryLength) {
    throw invalidParameterValue(
      `The models that run ${run.runId} logged would take ${history.length} characters; ${maxHistoryLength} are allowed. Log further models in another run.`,
    );
  }
  return { ...run, tags: extended(run.tags, [[loggedModelsTag, history]]) };
}

function listOf(tag: string | undefined): unknown[] {
  if (tag === undefined) return [];
  try {
    const value: unknown = JSON.parse(tag);
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

/** Of the model's description what is told of it: without the settings of its flavors. */
function toldModel(modelJson: string): Record<string, unknown> {
  const model = objectOf(modelJson);
  const missing = mandatoryMembers.filter((member) => !Object.hasOwn(model, member));
  if (missing.length > 0)
    throw invalidParameterValue(`Model json is missing mandatory fields: ${missing.join(', ')}`);
  const told = Object.fromEntries(
    toldMembers.filter((member) => Object.hasOwn(model, member)).map((member) => [member, model[member]]),
  );
  const flavors = Object.entries((model['flavors'] ?? {}) as Record<string, unknown>).map(
    ([name, flavor]) => {
      if (typeof flavor !== 'object' || flavor === null || Array.isArray(flavor)) return [name, flavor];
      return [name, Object.fromEntries(Object.entries(flavor).filter(([member]) => member !== 'config'))];
    },
  );
  return { ...told, flavors: Object.fromEntries(flavors) };
}

function objectOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Record<string, unknown>;
  } catch {
    // Falls through to the same answer.
  }
  throw invalidParameterValue(`Malformed model info. \n ${text.slice(0, 1000)} \n is not a valid JSON.`);
}
