import { AppError } from '#shared/kernel/errors.ts';
import { invalidParameterValue, storableParam, storableTag } from './limits.ts';
import { withPoints } from './metrics.ts';
import { extended, type LoggedMetric, ownValue, type RunTag, runNameTag, type TrackedRun } from './run.ts';

/** What one call logs. Metrics are checked already: their names, and that their values are storable. */
export interface Batch {
  readonly metrics: readonly LoggedMetric[];
  readonly params: readonly RunTag[];
  readonly tags: readonly RunTag[];
}

const maxMetrics = 1000;
const maxParams = 100;
const maxEntities = 1000;

/** Names and sizes of a batch, with long values cut. Throws InvalidParameter. */
export function storableBatch({ metrics, params, tags }: Batch): Batch {
  const pairs = (list: readonly RunTag[], store: typeof storableParam, name: string): RunTag[] =>
    list.map(({ key, value }, index) => {
      const [storedKey, storedValue] = store(key, value, `${name}[${index}].key`);
      return { key: storedKey, value: storedValue };
    });
  const storable = {
    metrics,
    params: pairs(params, storableParam, 'params'),
    tags: pairs(tags, storableTag, 'tags'),
  };
  assertCount('metrics', maxMetrics, metrics.length);
  assertCount('params', maxParams, params.length);
  assertCount('tags', maxParams, tags.length);
  assertCount('metrics, params, and tags', maxEntities, metrics.length + params.length + tags.length);
  assertDistinct(params);
  return storable;
}

function assertCount(what: string, most: number, count: number): void {
  if (count <= most) return;
  throw invalidParameterValue(
    `A batch logging request can contain at most ${most} ${what}. Got ${count} ${what}. Please split up ${what} across multiple requests and try again.`,
  );
}

function assertDistinct(params: readonly RunTag[]): void {
  const keys = params.map(({ key }) => key);
  const twice = keys.filter((key, index) => keys.indexOf(key) !== index);
  if (twice.length === 0) return;
  throw invalidParameterValue(
    `Duplicate parameter keys have been submitted: ${JSON.stringify(twice)}. Please ensure the request contains only one param value per param key.`,
  );
}

/** The run with a batch logged. Throws ParamChanged, and changes nothing, where a param has another value already. */
export function withBatch(run: TrackedRun, { metrics, params, tags }: Batch): TrackedRun {
  return withTags({ ...withParams(run, params), metrics: withPoints(run.metrics, metrics) }, tags);
}

function withParams(run: TrackedRun, params: readonly RunTag[]): TrackedRun {
  const known = ({ key }: RunTag): string | undefined => ownValue(run.params, key);
  const changed = params.filter((param) => known(param) !== undefined && known(param) !== param.value);
  if (changed.length > 0) throw paramChanged(run, changed, params.length === 1);
  const added = params.filter((param) => known(param) === undefined);
  if (added.length === 0) return run;
  return {
    ...run,
    params: extended(
      run.params,
      added.map(({ key, value }) => [key, value] as const),
    ),
  };
}

function paramChanged(run: TrackedRun, changed: readonly RunTag[], isSingle: boolean): AppError {
  const [first] = changed;
  const details = changed.map(
    ({ key, value }) => `{'key': '${key}', 'old_value': '${run.params[key]}', 'new_value': '${value}'}`,
  );
  const message = isSingle
    ? `Changing param values is not allowed. Param with key='${first!.key}' was already logged with value='${run.params[first!.key]}' for run ID='${run.runId}'. Attempted logging new value '${first!.value}'.`
    : `Changing param values is not allowed. Params were already logged='[${details.join(', ')}]' for run ID='${run.runId}'.`;
  return new AppError('invalid_input', 'ParamChanged', message);
}

/** The run with tags set; the name of the run follows its tag. */
export function withTags(run: TrackedRun, tags: readonly RunTag[]): TrackedRun {
  if (tags.length === 0) return run;
  const name = tags.findLast(({ key, value }) => key === runNameTag && value !== '')?.value;
  return {
    ...run,
    ...(name === undefined ? {} : { name }),
    tags: extended(
      run.tags,
      tags.flatMap(({ key, value }) => (key === runNameTag && value === '' ? [] : [[key, value] as const])),
    ),
  };
}

/** The run without a tag. Throws TagNotFound. */
export function withoutTag(run: TrackedRun, key: string): TrackedRun {
  if (ownValue(run.tags, key) === undefined) {
    throw new AppError('not_found', 'TagNotFound', `No tag with name: ${key} in run with id ${run.runId}`);
  }
  return {
    ...run,
    tags: Object.fromEntries(Object.entries(run.tags).filter(([name]) => name !== key)),
  };
}
