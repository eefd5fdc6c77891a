import { maskedValue } from '#services/validation/contract.ts';
import { parseMicroseconds } from '#shared/kernel/microseconds.ts';
import type { FeatureServiceVersion, FeatureValue, SkewReport } from '../contract.ts';

type ValueType = FeatureServiceVersion['outputs'][number]['type'];
type Example = SkewReport['features'][number]['examples'][number];

/** A feature of a service as it is compared. */
export interface ComparedFeature {
  /** Its name in what was served. */
  readonly feature: string;
  readonly type: ValueType;
  /** The view that it is a feature of; absent for what is computed. */
  readonly view?: string;
  /** Views that it comes from: it was served where all of them were asked. */
  readonly views: readonly string[];
  /** Outputs whose values it is, or is computed of: it was served where none of them was sent. */
  readonly outputs: readonly string[];
  readonly sensitive: boolean;
}

/** What one view answered. */
export interface ViewAnswer {
  readonly status: Example['offlineStatus'];
  readonly eventAt?: string;
}

/** What was served to one inference and what would be computed for it from the offline store. */
export interface ComparedInference {
  readonly inferenceId: string;
  readonly at: string;
  readonly joinKeys: Readonly<Record<string, string | number>>;
  readonly served: Readonly<Record<string, FeatureValue>>;
  /** By view: those alone that were asked. */
  readonly servedViews: Readonly<Record<string, ViewAnswer>>;
  /** Outputs of the service that the caller sent. */
  readonly given: readonly string[];
  readonly offline: Readonly<Record<string, FeatureValue>>;
  readonly offlineViews: Readonly<Record<string, ViewAnswer>>;
}

/** An example, with whose it is: it goes when the entity is erased. */
export type KeptExample = Example & { readonly joinKeys: ComparedInference['joinKeys'] };

export interface FeatureTally {
  readonly feature: string;
  readonly view?: string;
  compared: number;
  stale: number;
  different: number;
  readonly examples: KeptExample[];
}

const maxExamples = 5;

/** What is compared of a service: the features that a model sees. What an expression alone reads is seen in what it gives. */
export function comparedFeatures(service: FeatureServiceVersion): ComparedFeature[] {
  const ofViews = service.views.flatMap(({ view, features }) =>
    features.flatMap(({ as, type, sensitive }) =>
      as === undefined ? [] : [{ feature: as, type, view, views: [view], outputs: [as], sensitive }],
    ),
  );
  const featureOf = ({ view, feature }: { readonly view: string; readonly feature: string }) =>
    service.views.find((pinned) => pinned.view === view)?.features.find(({ name }) => name === feature);
  const computed = service.onDemand.map(({ as, type, variables }) => {
    const sources = variables.flatMap(({ from }) => ('view' in from ? [from] : []));
    return {
      feature: as,
      type,
      views: [...new Set(sources.map(({ view }) => view))],
      outputs: [as, ...sources.flatMap((source) => featureOf(source)?.as ?? [])],
      sensitive: sources.some((source) => featureOf(source)?.sensitive === true),
    };
  });
  return [...ofViews, ...computed];
}

/**
 * Whether two values of a type are the same to a model: nulls are, numbers that differ by no more than the share of the greater one are,
 * and times that are one instant.
 */
export function isSameValue(
  served: FeatureValue,
  offline: FeatureValue,
  { type, relativeTolerance }: { readonly type: ValueType; readonly relativeTolerance: number },
): boolean {
  if (served === null || offline === null) return served === offline;
  if (type === 'string') return String(served) === String(offline);
  const [left, right] = [numberOf(served, type), numberOf(offline, type)];
  if (type !== 'number' || !Number.isFinite(left) || !Number.isFinite(right)) return Object.is(left, right);
  return Math.abs(left - right) <= relativeTolerance * Math.max(Math.abs(left), Math.abs(right));
}

function numberOf(value: NonNullable<FeatureValue>, type: ValueType): number {
  // Adding 0 makes one zero of the two.
  if (type !== 'timestamp') return Number(value) + 0;
  return typeof value === 'string' ? (parseMicroseconds(value) ?? Number.NaN) : Number(value);
}

export const emptyTallies = (features: readonly ComparedFeature[]): FeatureTally[] =>
  features.map(({ feature, view }) => ({
    feature,
    ...(view === undefined ? {} : { view }),
    compared: 0,
    stale: 0,
    different: 0,
    examples: [],
  }));

/** Counts one inference in. What the caller sent himself, and what was computed of it, was not served and is not compared. */
export function countInference(
  tallies: readonly FeatureTally[],
  features: readonly ComparedFeature[],
  inference: ComparedInference,
  relativeTolerance: number,
): void {
  for (const [place, feature] of features.entries()) {
    const served = inference.served[feature.feature];
    if (served === undefined || !wasServed(feature, inference)) continue;
    const tally = tallies[place]!;
    const offline = inference.offline[feature.feature] ?? null;
    tally.compared++;
    if (isSameValue(served, offline, { type: feature.type, relativeTolerance })) continue;
    const kind = feature.views.some((view) => isStale(inference, view)) ? 'stale' : 'different';
    tally[kind]++;
    if (tally.examples.length < maxExamples)
      tally.examples.push(exampleOf(inference, feature, { served, offline, kind }));
  }
}

const wasServed = ({ views, outputs }: ComparedFeature, { servedViews, given }: ComparedInference): boolean =>
  views.every((view) => view in servedViews) && !outputs.some((output) => given.includes(output));

/** An older row than the newest that was known then, or none where there was one. */
function isStale({ servedViews, offlineViews }: ComparedInference, view: string): boolean {
  const [served, offline] = [servedViews[view]?.eventAt, offlineViews[view]?.eventAt];
  if (offline === undefined) return false;
  return served === undefined || parseMicroseconds(served)! < parseMicroseconds(offline)!;
}

function exampleOf(
  { inferenceId, at, joinKeys, servedViews, offlineViews }: ComparedInference,
  { view, sensitive }: ComparedFeature,
  { served, offline, kind }: Pick<Example, 'served' | 'offline' | 'kind'>,
): KeptExample {
  const [servedAt, offlineAt] =
    view === undefined ? [] : [servedViews[view]?.eventAt, offlineViews[view]?.eventAt];
  const masked = (value: FeatureValue): FeatureValue => (sensitive && value !== null ? maskedValue : value);
  return {
    inferenceId,
    at,
    joinKeys,
    served: masked(served),
    offline: masked(offline),
    offlineStatus: view === undefined ? 'PRESENT' : (offlineViews[view]?.status ?? 'NOT_FOUND'),
    ...(servedAt === undefined ? {} : { servedEventAt: servedAt }),
    ...(offlineAt === undefined ? {} : { offlineEventAt: offlineAt }),
    kind,
  };
}

const mismatchRateOf = ({ compared, stale, different }: FeatureTally): number =>
  compared === 0 ? 0 : (stale + different) / compared;

/** A report with whose its examples are, as it is kept. */
export type KeptSkewReport = Omit<SkewReport, 'features'> & {
  readonly features: readonly (Omit<SkewReport['features'][number], 'examples'> & {
    readonly examples: readonly KeptExample[];
  })[];
};

export function skewReportOf(
  about: Pick<SkewReport, 'reportId' | 'project' | 'featureService' | 'from' | 'to' | 'completedAt'> & {
    readonly inferences: number;
    readonly maxMismatchRate: number;
  },
  tallies: readonly FeatureTally[],
): KeptSkewReport {
  const features = tallies.map((tally) => ({ ...tally, mismatchRate: mismatchRateOf(tally) }));
  const isAbove = features.some(({ mismatchRate }) => mismatchRate > about.maxMismatchRate);
  return {
    ...about,
    verdict: about.inferences === 0 ? 'InsufficientData' : isAbove ? 'Fail' : 'Pass',
    features,
  };
}

/** The features above the rate, worst first. */
export const skewedFeatures = ({
  features,
  maxMismatchRate,
}: KeptSkewReport): readonly { readonly feature: string; readonly mismatchRate: number }[] =>
  features
    .filter(({ mismatchRate }) => mismatchRate > maxMismatchRate)
    .sort((a, b) => b.mismatchRate - a.mismatchRate)
    .map(({ feature, mismatchRate }) => ({ feature, mismatchRate }));
