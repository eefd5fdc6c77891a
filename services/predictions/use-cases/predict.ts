import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { type Prediction, readAnswer } from '../domain/answers.ts';
import { type Instance, toCsv } from '../domain/instances.ts';
import { chooseVersion } from '../domain/traffic.ts';
import type { Captures, Endpoints, OnlineFeatures, RoutedVersion, Routing, ServingMeter } from '../ports.ts';
import { type EnrichedInstance, type EnrichRequest, enrichInstances } from './enrich-instances.ts';

export interface PredictDeps {
  readonly routing: Routing;
  readonly endpoints: Endpoints;
  readonly features: OnlineFeatures;
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

/**
 * Predicts with the version that the routing record gives the request to, and captures what went in and came out before it answers.
 * Inputs that an instance lacks are read online, of the feature service version that the model pinned.
 */
export async function predict(deps: PredictDeps, input: PredictInput) {
  const record = await deps.routing.read(input.project);
  const requestId = deps.ids.next();
  const versions = record?.versions ?? [];
  const chosen = chooseVersion(versions, input.stickyKey ?? requestId);
  if (!chosen) throw nothingDeployed(input.project);
  const at = deps.clock.now();
  const request = { ...input, requestId, at, besides: namesOfAll(versions) };
  const others = versions.filter((version) => version.share > 0 && version !== chosen);
  const { version, instances, predictions } = await answerOf(deps, request, chosen, others);
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
      at: at.toISOString(),
      prediction,
      caller: input.caller,
      ...instances[index]!,
    })),
  );
  return {
    model: version.model,
    modelVersion: version.modelVersion,
    artifactSha256: version.artifactSha256,
    predictions: answered.map((prediction, index) => ({
      ...prediction,
      ...missingViews(instances[index]!),
    })),
  };
}

/** While versions with other inputs share the traffic, callers send what each of them needs. */
const namesOfAll = (versions: readonly RoutedVersion[]): Set<string> =>
  new Set(
    versions.flatMap(({ signature: { inputs, featureService } }) =>
      [...inputs, ...(featureService?.joinKeys ?? [])].map(({ name }) => name),
    ),
  );

function missingViews({ served }: EnrichedInstance): { features?: Record<string, 'EXPIRED' | 'NOT_FOUND'> } {
  const missing = (served?.views ?? []).flatMap(({ view, status }) =>
    status === 'PRESENT' ? [] : [[view, status] as const],
  );
  return missing.length === 0 ? {} : { features: Object.fromEntries(missing) };
}

interface Answered {
  readonly version: RoutedVersion;
  readonly instances: readonly EnrichedInstance[];
  readonly predictions: readonly Prediction[];
}

type PredictRequest = EnrichRequest & { readonly requestId: string };

/**
 * A version that fails is counted (its alarm may roll it back), and the caller is answered by another that serves, if there is one that
 * what was sent is enough for: each reads the features that it pinned itself.
 */
async function answerOf(
  deps: PredictDeps,
  request: PredictRequest,
  chosen: RoutedVersion,
  others: readonly RoutedVersion[],
): Promise<Answered> {
  const instances = await enrichInstances(deps, request, chosen);
  try {
    return { version: chosen, instances, predictions: await invoke(deps, request, chosen, instances) };
  } catch (error) {
    if (!(error instanceof AppError && error.kind === 'unavailable')) throw error;
    for (const version of others) {
      const enriched = await enrichedFor(deps, request, version);
      if (enriched)
        return {
          version,
          instances: enriched,
          predictions: await invoke(deps, request, version, enriched),
        };
    }
    throw error;
  }
}

/** Undefined where the version cannot answer what was sent. */
async function enrichedFor(
  deps: PredictDeps,
  request: PredictRequest,
  version: RoutedVersion,
): Promise<EnrichedInstance[] | undefined> {
  try {
    return await enrichInstances(deps, request, version);
  } catch (error) {
    if (error instanceof AppError) return undefined;
    throw error;
  }
}

async function invoke(
  deps: PredictDeps,
  { project, requestId }: PredictRequest,
  version: RoutedVersion,
  enriched: readonly EnrichedInstance[],
): Promise<Prediction[]> {
  const instances = enriched.map(({ features }) => features);
  const startedMs = deps.clock.now().getTime();
  const record = (failed: boolean) =>
    deps.meter.record(project, version.modelVersion, {
      failed,
      latencyMs: deps.clock.now().getTime() - startedMs,
    });
  try {
    const answer = await deps.endpoints.invoke(
      version.endpointName,
      toCsv(instances, version.signature.inputs),
      requestId,
    );
    const predictions = readAnswer(answer, instances.length, version.signature);
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
