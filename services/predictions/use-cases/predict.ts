import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { type Prediction, readAnswer } from '../domain/answers.ts';
import { type Instance, toCsv, violationsOf } from '../domain/instances.ts';
import { chooseVersion } from '../domain/traffic.ts';
import type { Captures, Endpoints, RoutedVersion, Routing, ServingMeter } from '../ports.ts';

export interface PredictDeps {
  readonly routing: Routing;
  readonly endpoints: Endpoints;
  readonly captures: Captures;
  readonly meter: ServingMeter;
  readonly clock: Clock;
  readonly ids: IdGenerator;
}

export interface PredictInput {
  readonly project: string;
  readonly instances: readonly Instance[];
  readonly stickyKey?: string;
  readonly caller: string;
}

/** Predicts with the version that the routing record gives the request to, and captures what went in and came out before it answers. */
export async function predict(deps: PredictDeps, input: PredictInput) {
  const record = await deps.routing.read(input.project);
  const requestId = deps.ids.next();
  const chosen = chooseVersion(record?.versions ?? [], input.stickyKey ?? requestId);
  if (!chosen) throw nothingDeployed(input.project);
  const violations = violationsOf(input.instances, chosen.signature.inputs);
  if (violations.length > 0) {
    const [first] = violations;
    throw new AppError(
      'invalid_input',
      'InvalidInstances',
      `${violations.length} values are not what version ${chosen.modelVersion} of ${chosen.model} takes; the first: ${first?.path} ${first?.message}.`,
      { violations },
    );
  }
  const others = (record?.versions ?? []).filter((version) => version.share > 0 && version !== chosen);
  const { version, predictions } = await answerOf(deps, input, requestId, chosen, others);
  const at = deps.clock.now().toISOString();
  const answered = predictions.map((prediction, index) => ({
    inferenceId: `${requestId}-${index}`,
    ...prediction,
  }));
  await deps.captures.savePredictions(
    requestId,
    answered.map(({ inferenceId, ...prediction }, index) => ({
      inferenceId,
      project: input.project,
      model: version.model,
      modelVersion: version.modelVersion,
      at,
      features: { ...input.instances[index] },
      prediction,
      caller: input.caller,
    })),
  );
  return {
    model: version.model,
    modelVersion: version.modelVersion,
    artifactSha256: version.artifactSha256,
    predictions: answered,
  };
}

interface Answered {
  readonly version: RoutedVersion;
  readonly predictions: readonly Prediction[];
}

/** A version that fails is counted (its alarm may roll it back), and the caller is answered by another that serves, if there is one that takes the same inputs. */
async function answerOf(
  deps: PredictDeps,
  input: PredictInput,
  requestId: string,
  chosen: RoutedVersion,
  others: readonly RoutedVersion[],
): Promise<Answered> {
  try {
    return { version: chosen, predictions: await invoke(deps, input, requestId, chosen) };
  } catch (error) {
    const substitute = others.find(
      (version) => violationsOf(input.instances, version.signature.inputs).length === 0,
    );
    if (!(error instanceof AppError && error.kind === 'unavailable') || !substitute) throw error;
    return { version: substitute, predictions: await invoke(deps, input, requestId, substitute) };
  }
}

async function invoke(
  deps: PredictDeps,
  input: PredictInput,
  requestId: string,
  version: RoutedVersion,
): Promise<Prediction[]> {
  const startedMs = deps.clock.now().getTime();
  const record = (failed: boolean) =>
    deps.meter.record(input.project, version.modelVersion, {
      failed,
      latencyMs: deps.clock.now().getTime() - startedMs,
    });
  try {
    const answer = await deps.endpoints.invoke(
      version.endpointName,
      toCsv(input.instances, version.signature.inputs),
      requestId,
    );
    const predictions = readAnswer(answer, input.instances.length, version.signature);
    record(false);
    return predictions;
  } catch (error) {
    record(true);
    throw error;
  }
}

export const nothingDeployed = (project: string): AppError =>
  new AppError(
    'not_found',
    'NothingDeployed',
    `Project '${project}' serves no model version yet. A release must be approved first: \`millrace status ${project}\` tells where it stands.`,
  );
