import {
  type EntityKey,
  entityKeyOf,
  entityKeyText,
  type FeatureServiceVersion,
  onDemandValues,
} from '#services/feature-store/contract.ts';
import { AppError, type Violation } from '#shared/kernel/errors.ts';
import { microsecondsOfDate, microsecondsText } from '#shared/kernel/microseconds.ts';
import type { CapturedPrediction } from '../contract.ts';
import { type FeatureValue, type Instance, violationsOf, wrongValue } from '../domain/instances.ts';
import { givenOutputs, readingOf, type ServiceReading } from '../domain/service-reading.ts';
import type { OnlineFeatures, RoutedVersion, ViewAnswer } from '../ports.ts';

/** An instance with all inputs of the version, and where those came from that were read. */
export interface EnrichedInstance {
  readonly features: Instance;
  readonly served?: NonNullable<CapturedPrediction['served']>;
}

export interface EnrichRequest {
  readonly project: string;
  readonly instances: readonly Instance[];
  readonly at: Date;
  /** Names that are no inputs of the version and may stand in an instance all the same: inputs and join keys of others that serve. */
  readonly besides: Iterable<string>;
}

/**
 * Completes instances by the feature service that the version pinned, in one round for all of them, and checks them. Throws
 * InvalidInstances, EntityKeysMissing, InvalidEntities (invalid_input) or OnlineStoreBusy (unavailable).
 */
export async function enrichInstances(
  { features }: { readonly features: OnlineFeatures },
  request: EnrichRequest,
  version: RoutedVersion,
): Promise<EnrichedInstance[]> {
  const { inputs, featureService: pinned } = version.signature;
  const { project, instances } = request;
  const isComplete = (instance: Instance) => inputs.every(({ name }) => instance[name] !== undefined);
  if (!pinned || instances.every(isComplete)) {
    assertValid(request, version, instances, pinned?.joinKeys.map(({ name }) => name) ?? []);
    return instances.map((instance) => ({ features: inputsOf(instance, version) }));
  }
  const service = await features.service(project, pinned.service, pinned.version);
  const readings = instances.map((instance) => readingOf(instance, inputs, service));
  assertKeysSent(instances, readings, version);
  assertRequestMembers(instances, service, version);
  const found = await readViews(features, request, service, readings);
  const enriched = instances.map((instance, index) =>
    completed({ instance, reading: readings[index], answers: found[index]!, service, version }),
  );
  const besides = [...pinned.joinKeys, ...service.request].map(({ name }) => name);
  const complete = instances.map((instance, index) => ({ ...instance, ...enriched[index]!.features }));
  assertValid(request, version, complete, besides);
  return enriched;
}

const inputsOf = (instance: Instance, { signature: { inputs } }: RoutedVersion): Instance =>
  Object.fromEntries(
    inputs.flatMap(({ name }) => (instance[name] === undefined ? [] : [[name, instance[name]]])),
  );

function assertValid(
  request: EnrichRequest,
  version: RoutedVersion,
  instances: readonly Instance[],
  besides: readonly string[],
): void {
  refuse(violationsOf(instances, version.signature.inputs, [...request.besides, ...besides]), version);
}

/** Expressions take values of their types only. */
function assertRequestMembers(
  instances: readonly Instance[],
  service: FeatureServiceVersion,
  version: RoutedVersion,
): void {
  const violations = instances.flatMap((instance, index) =>
    service.request.flatMap((member) =>
      instance[member.name] === undefined
        ? []
        : wrongValue(`instances/${index}/${member.name}`, instance[member.name], member),
    ),
  );
  refuse(violations.slice(0, maxViolations), version);
}

function refuse(violations: readonly Violation[], { model, modelVersion }: RoutedVersion): void {
  const [first] = violations;
  if (!first) return;
  throw new AppError(
    'invalid_input',
    'InvalidInstances',
    `${violations.length} values are not what version ${modelVersion} of ${model} takes; the first: ${first.path} ${first.message}.`,
    { violations },
  );
}

/** More than this are not listed. */
const maxViolations = 50;

function assertKeysSent(
  instances: readonly Instance[],
  readings: readonly (ServiceReading | undefined)[],
  { model, modelVersion, signature }: RoutedVersion,
): void {
  const violations = readings.flatMap((reading, index): Violation[] => {
    const instance = instances[index]!;
    const absent = [...(reading?.joinKeys ?? []), ...(reading?.request ?? [])].filter(
      (name) => instance[name] === undefined || (instance[name] === null && reading?.joinKeys.includes(name)),
    );
    if (absent.length === 0) return [];
    const lacking = signature.inputs.flatMap(({ name }) => (instance[name] === undefined ? [name] : []));
    const message = `lacks ${named(lacking)}: send them, or ${named(absent)}, by which they are read`;
    return [{ path: `instances/${index}`, message }];
  });
  const [first] = violations;
  if (!first) return;
  throw new AppError(
    'invalid_input',
    'EntityKeysMissing',
    `${violations.length} instances hold neither the features that version ${modelVersion} of ${model} takes nor what they are read by; the first: ${first.path} ${first.message}.`,
    { violations: violations.slice(0, maxViolations) },
  );
}

const shownNames = 10;
const named = (names: readonly string[]): string =>
  `${names.slice(0, shownNames).join(', ')}${names.length > shownNames ? ` and ${names.length - shownNames} more` : ''}`;

type Answers = ReadonlyMap<string, ViewAnswer>;

/** What each view answers about each instance: every entity is read once, however many instances are about it. */
async function readViews(
  features: OnlineFeatures,
  { project, instances, at }: EnrichRequest,
  service: FeatureServiceVersion,
  readings: readonly (ServiceReading | undefined)[],
): Promise<Answers[]> {
  const lookups = service.views.flatMap((view) => {
    const asked = readings.map((reading, index) =>
      reading?.views.includes(view)
        ? entityKeyOf(view.joinKeys, instances[index]!, `instances/${index}`)
        : undefined,
    );
    const keys = new Map(
      asked.flatMap((key): [string, EntityKey][] => (key ? [[entityKeyText(key), key]] : [])),
    );
    return keys.size === 0 ? [] : [{ view, asked, keys }];
  });
  if (lookups.length === 0) return instances.map(() => new Map());
  const answers = await features.read(
    project,
    lookups.map(({ view, keys }) => ({ view, keys: [...keys.values()] })),
    microsecondsOfDate(at),
  );
  const answerOf = lookups.map(
    ({ keys }, place) => new Map([...keys.keys()].map((text, index) => [text, answers[place]![index]!])),
  );
  return instances.map(
    (_instance, index) =>
      new Map(
        lookups.flatMap(({ view, asked }, place): [string, ViewAnswer][] => {
          const key = asked[index];
          return key ? [[view.view, answerOf[place]!.get(entityKeyText(key))!]] : [];
        }),
      ),
  );
}

interface Found {
  readonly instance: Instance;
  readonly reading: ServiceReading | undefined;
  readonly answers: Answers;
  readonly service: FeatureServiceVersion;
  readonly version: RoutedVersion;
}

/** What the caller sent wins, also as what expressions are computed of. */
function completed({ instance, reading, answers, service, version }: Found): EnrichedInstance {
  if (!reading) return { features: inputsOf(instance, version) };
  const views: Record<string, Record<string, FeatureValue>> = {};
  const values: Record<string, FeatureValue> = {};
  for (const { view, features } of reading.views) {
    const ofView: Record<string, FeatureValue> = {};
    for (const { name, as } of features) {
      const sent = as === undefined ? undefined : instance[as];
      const value = sent === undefined ? (answers.get(view)?.values[name] ?? null) : sent;
      ofView[name] = value;
      if (as !== undefined) values[as] = value;
    }
    views[view] = ofView;
  }
  const request = Object.fromEntries(reading.request.map((name) => [name, instance[name] ?? null]));
  const computed = onDemandValues({ ...service, onDemand: reading.onDemand }, { request, views });
  const given = givenOutputs(instance, service);
  return {
    features: inputsOf({ ...values, ...computed, ...instance }, version),
    served: {
      service: service.service,
      version: service.version,
      joinKeys: Object.fromEntries(
        reading.views.flatMap(({ joinKeys }) => {
          const key = entityKeyOf(joinKeys, instance, 'the instance');
          return joinKeys.map(({ name }, place) => [name, key[place]!]);
        }),
      ),
      views: reading.views.map(({ view, version: viewVersion }) => {
        const { status, eventAt } = answers.get(view)!;
        const when = eventAt === undefined ? {} : { eventAt: microsecondsText(eventAt) };
        return { view, version: viewVersion, status, ...when };
      }),
      ...(reading.request.length > 0 ? { request } : {}),
      ...(given.length > 0 ? { given } : {}),
    },
  };
}
