import type { FeatureServiceVersion } from '#services/feature-store/contract.ts';
import type { Instance } from './instances.ts';

/** What is to be read and computed for an instance. */
export interface ServiceReading {
  /** Views to read: those that the inputs which the instance lacks are made of. */
  readonly views: FeatureServiceVersion['views'];
  /** On-demand features to compute. */
  readonly onDemand: FeatureServiceVersion['onDemand'];
  /** Join keys of these views, in order, once each. */
  readonly joinKeys: readonly string[];
  /** What the expressions need of the caller. */
  readonly request: readonly string[];
}

/**
 * What must be read of a feature service so that `instance` has all of `inputs`; undefined where it has all that the service could
 * answer. Only what is needed is read, so that a caller who sends the features of one entity need not name it.
 */
export function readingOf(
  instance: Instance,
  inputs: readonly { readonly name: string }[],
  service: FeatureServiceVersion,
): ServiceReading | undefined {
  const lacking = new Set(inputs.flatMap(({ name }) => (instance[name] === undefined ? [name] : [])));
  const onDemand = service.onDemand.filter(({ as }) => lacking.has(as));
  const sources = onDemand.flatMap(({ variables }) => variables.map(({ from }) => from));
  const named = new Set(sources.flatMap((from) => ('view' in from ? [from.view] : [])));
  const views = service.views.filter(
    ({ view, features }) => named.has(view) || features.some(({ as }) => as !== undefined && lacking.has(as)),
  );
  if (views.length === 0 && onDemand.length === 0) return undefined;
  return {
    views,
    onDemand,
    joinKeys: [...new Set(views.flatMap(({ joinKeys }) => joinKeys.map(({ name }) => name)))],
    request: [...new Set(sources.flatMap((from) => ('request' in from ? [from.request] : [])))],
  };
}

/** Outputs of the service that a caller sent itself. */
export const givenOutputs = (instance: Instance, service: FeatureServiceVersion): string[] =>
  service.outputs.flatMap(({ name }) => (instance[name] === undefined ? [] : [name]));
