import type { Violation } from '#shared/kernel/errors.ts';

export type FeatureValue = number | string | boolean | null;
export type Instance = Readonly<Record<string, FeatureValue>>;

interface Input {
  readonly name: string;
  readonly type: string;
}

/** More than this are counted, not listed. */
const maxViolations = 50;

/**
 * What is wrong with instances by the model’s inputs: missing and unknown features, values of another type. `null` is a missing value,
 * which models take. `besides` are names that an instance may hold without the model seeing them.
 */
export function violationsOf(
  instances: readonly Instance[],
  inputs: readonly Input[],
  besides: Iterable<string> = [],
): Violation[] {
  const known = new Set([...inputs.map((input) => input.name), ...besides]);
  const violations = instances.flatMap((instance, index) => [
    ...inputs.flatMap((input) => wrongValue(`instances/${index}/${input.name}`, instance[input.name], input)),
    ...Object.keys(instance)
      .filter((name) => !known.has(name))
      .map((name) => ({
        path: `instances/${index}/${name}`,
        message: `is not an input of the model${suggestion(name, inputs)}`,
      })),
  ]);
  const rest = violations.length - maxViolations;
  return rest > 0
    ? [
        ...violations.slice(0, maxViolations),
        { path: 'instances', message: `${rest} more values are not valid` },
      ]
    : violations;
}

/** What is wrong with one value: nothing, or one thing. */
export function wrongValue(path: string, value: FeatureValue | undefined, { type }: Input): Violation[] {
  if (value === undefined)
    return [{ path, message: `is missing; send a ${type}, or null where the value is not known` }];
  if (value === null || fits(value, type)) return [];
  return [{ path, message: `is ${JSON.stringify(value)}; a ${type} is expected` }];
}

function fits(value: number | string | boolean, type: string): boolean {
  if (type === 'number') return typeof value === 'number';
  if (type === 'integer') return Number.isInteger(value);
  if (type === 'boolean') return typeof value === 'boolean';
  return typeof value === 'string';
}

/** Names that differ only in case or separators are what people mistype. */
function suggestion(name: string, inputs: readonly Input[]): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const meant = inputs.find((input) => plain(input.name) === plain(name));
  return meant ? `; did you mean '${meant.name}'?` : '; leave it out';
}

/** CSV without header in the order of the model’s inputs, as SageMaker XGBoost reads it: booleans as 0 and 1, missing values empty. */
export function toCsv(instances: readonly Instance[], inputs: readonly Input[]): string {
  return instances
    .map((instance) => inputs.map((input) => cell(instance[input.name] ?? null)).join(','))
    .join('\n');
}

const cell = (value: FeatureValue): string =>
  value === null ? '' : typeof value === 'boolean' ? (value ? '1' : '0') : String(value);
