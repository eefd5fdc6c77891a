import { wholeMatch } from './java-pattern.ts';
import { type ServiceModel, type Shape, type ShapeReference, shapeOf } from './service-model.ts';

/** What is wrong with a request, and where in its parameters. */
export interface Finding {
  /** E.g. `InputDataConfig[0].ChannelName`; empty for the request itself. */
  readonly path: string;
  readonly problem: string;
}

/** Stands for content that is not recorded; `bytes` is undefined where the request does not say how much there is. */
export class UnrecordedContent {
  readonly bytes: number | undefined;
  constructor(bytes: number | undefined) {
    this.bytes = bytes;
  }
}

/** How members are called on the wire: by their names, or by what the model says. */
export type WireName = (name: string, member: ShapeReference) => string;

const expected: Readonly<Record<Shape['type'], string>> = {
  structure: 'an object',
  list: 'a list',
  map: 'an object',
  string: 'a text',
  character: 'a text',
  integer: 'a whole number',
  long: 'a whole number',
  float: 'a number',
  double: 'a number',
  boolean: 'true or false',
  timestamp: 'a time',
  blob: 'Base64',
};

/** Compares a value with a shape of the model and all that lies below; what is not set must not be there at all. */
export function checkShape(
  model: ServiceModel,
  wireName: WireName,
  shapeName: string,
  value: unknown,
  path: string,
): Finding[] {
  const shape = shapeOf(model, shapeName);
  if (shape.document) return [];
  const inner = (reference: ShapeReference, one: unknown, at: string) =>
    checkShape(model, wireName, reference.shape, one, at);
  if (!hasType(shape, value)) {
    return [{ path, problem: `is ${shown(value)}; ${expected[shape.type]} is expected` }];
  }
  const own = [...checkSize(shape, value), ...checkText(shape, value)].map((problem) => ({ path, problem }));
  if (shape.type === 'list') {
    return [...own, ...(value as unknown[]).flatMap((one, i) => inner(shape.member!, one, `${path}[${i}]`))];
  }
  if (shape.type === 'map') {
    const entries = Object.entries(value as object);
    return [
      ...own,
      ...entries.flatMap(([key, one]) => [
        ...inner(shape.key!, key, `${path}{key ${key}}`),
        ...inner(shape.value!, one, joined(path, key)),
      ]),
    ];
  }
  return shape.type === 'structure' ? checkMembers(shape, wireName, value as object, path, inner) : own;
}

function checkMembers(
  shape: Shape,
  wireName: WireName,
  value: object,
  path: string,
  inner: (reference: ShapeReference, one: unknown, at: string) => Finding[],
): Finding[] {
  const members = new Map(
    Object.entries(shape.members ?? {}).map(([name, member]) => [wireName(name, member), { name, member }]),
  );
  const given = Object.entries(value).filter(([, one]) => one !== undefined);
  const names = new Set(given.map(([name]) => members.get(name)?.name));
  const missing = (shape.required ?? []).filter((name) => !names.has(name));
  return [
    ...missing.map((name) => ({ path: joined(path, name), problem: 'is required and missing' })),
    ...(shape.union && given.length !== 1
      ? [{ path, problem: `sets ${given.length} members; a union has exactly one` }]
      : []),
    ...given.flatMap(([name, one]) => {
      const known = members.get(name);
      return known === undefined
        ? [{ path: joined(path, name), problem: 'is no member that the service knows' }]
        : inner(known.member, one, joined(path, name));
    }),
  ];
}

function hasType(shape: Shape, value: unknown): boolean {
  switch (shape.type) {
    case 'structure':
    case 'map':
      return typeof value === 'object' && value !== null && !Array.isArray(value);
    case 'list':
      return Array.isArray(value);
    case 'string':
    case 'character':
      return typeof value === 'string';
    case 'integer':
    case 'long':
      return Number.isInteger(value);
    case 'float':
    case 'double':
      return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
    case 'boolean':
      return typeof value === 'boolean';
    case 'timestamp':
      return shape.timestampFormat === 'iso8601'
        ? typeof value === 'number' || !Number.isNaN(Date.parse(String(value)))
        : Number.isFinite(value);
    case 'blob':
      return value instanceof UnrecordedContent || isBase64(value);
  }
}

const isBase64 = (value: unknown): value is string =>
  typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value;

function checkSize(shape: Shape, value: unknown): string[] {
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  const [size, unit] = sizeOf(value, shape);
  if (size === undefined) return [];
  const is = unit === '' ? `is ${size}` : `has ${size} ${unit}`;
  if (size < min) return [`${is}; ${min} is the least`];
  return size > max ? [`${is}; ${max} is the most`] : [];
}

function sizeOf(value: unknown, { type }: Shape): [number | undefined, string] {
  if (value instanceof UnrecordedContent) return [value.bytes, 'bytes'];
  if (type === 'blob') return [Buffer.from(value as string, 'base64').length, 'bytes'];
  if (typeof value === 'string') return [[...value].length, 'characters'];
  if (Array.isArray(value)) return [value.length, 'entries'];
  if (type === 'map') return [Object.keys(value as object).length, 'entries'];
  return typeof value === 'number' && type !== 'timestamp' ? [value, ''] : [undefined, ''];
}

function checkText(shape: Shape, value: unknown): string[] {
  if (typeof value !== 'string' || shape.type === 'blob') return [];
  if (shape.enum && !shape.enum.includes(value)) {
    return [`is ${shown(value)}; one of ${shape.enum.join(', ').slice(0, 300)} is expected`];
  }
  if (shape.pattern === undefined) return [];
  const expression = expressionOf(shape.pattern);
  if (expression === undefined) return [`cannot be compared with the pattern ${shape.pattern}`];
  return expression.test(value) ? [] : [`is ${shown(value)}; ${shape.pattern} is expected`];
}

const expressions = new Map<string, RegExp | undefined>();
function expressionOf(pattern: string): RegExp | undefined {
  if (!expressions.has(pattern)) expressions.set(pattern, wholeMatch(pattern));
  return expressions.get(pattern);
}

const joined = (path: string, name: string): string => (path === '' ? name : `${path}.${name}`);
const shown = (value: unknown): string => (JSON.stringify(value) ?? String(value)).slice(0, 100);
