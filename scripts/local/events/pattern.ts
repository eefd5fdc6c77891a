import {
  compileMatcher,
  invalidPattern,
  isObject,
  type Leaf,
  type LeafTest,
  onlyEntry,
} from './pattern-matchers.ts';

/** An event pattern: fields hold lists of matchers, or patterns of the fields below. */
export type EventPattern = Readonly<Record<string, unknown>>;

/** Decides on the value standing where a part of the pattern applies; `root` is the whole event. */
type NodeTest = (value: unknown, root: unknown) => boolean;

const compiled = new WeakMap<object, NodeTest>();

/**
 * Whether an event matches an EventBridge event pattern (also the filter of an event-source mapping). Every field of the
 * pattern must match; in a list, any matcher; in an array of the event, any element, all fields of one nested pattern in the
 * same element. Operators: prefix, suffix, anything-but, numeric, exists, cidr, equals-ignore-case, wildcard, $or.
 * @throws AwsError InvalidEventPatternException when the pattern is refused; see `assertValidPattern`
 */
export function matchesPattern(pattern: EventPattern, event: unknown): boolean {
  let test = compiled.get(pattern);
  if (test === undefined) {
    test = compileObject(pattern, []);
    compiled.set(pattern, test);
  }
  return test(event, event);
}

/** @throws AwsError InvalidEventPatternException naming the field and the reason, where EventBridge would refuse the pattern */
export function assertValidPattern(pattern: unknown): asserts pattern is EventPattern {
  if (!isObject(pattern)) throw invalidPattern('Filter is not an object');
  compileObject(pattern, []);
}

function compileObject(pattern: EventPattern, path: readonly string[]): NodeTest {
  const entries = Object.entries(pattern);
  if (entries.length === 0) throw invalidPattern(`Empty objects are not allowed at ${where(path)}`);
  const tests = entries.map(([field, part]): NodeTest => {
    if (field === '$or') return compileOr(part, path);
    const test = compileField(part, [...path, field]);
    return (value, root) =>
      test(isObject(value) && Object.hasOwn(value, field) ? value[field] : undefined, root);
  });
  const all: NodeTest = (value, root) => tests.every((test) => test(value, root));
  return (value, root) => {
    if (!Array.isArray(value)) return all(value, root);
    const elements = value.flat(Number.POSITIVE_INFINITY).filter(isObject);
    return elements.length === 0 ? all(undefined, root) : elements.some((element) => all(element, root));
  };
}

function compileOr(part: unknown, path: readonly string[]): NodeTest {
  if (!Array.isArray(part) || part.length < 2 || !part.every(isObject)) {
    throw invalidPattern(`"$or" must be an array of at least two objects at ${where(path)}`);
  }
  const tests = part.map((alternative) => compileObject(alternative, path));
  return (value, root) => tests.some((test) => test(value, root));
}

function compileField(part: unknown, path: readonly string[]): NodeTest {
  if (isObject(part)) return compileObject(part, path);
  if (!Array.isArray(part))
    throw invalidPattern(`"${path.at(-1)}" must be an object or an array at ${where(path)}`);
  if (part.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${where(path)}`);
  const tests = part.map((matcher: unknown) => compileListed(matcher, path));
  return (value, root) => tests.some((test) => test(value, root));
}

/** One element of a list. `exists: false` looks at the path in the whole event, as absence is no property of one array element. */
function compileListed(matcher: unknown, path: readonly string[]): NodeTest {
  if (isObject(matcher) && 'exists' in matcher) {
    const [, wanted] = onlyEntry(matcher, where(path));
    if (typeof wanted !== 'boolean')
      throw invalidPattern(`exists match pattern must be either true or false at ${where(path)}`);
    return wanted
      ? (value) => someLeaf(value, () => true)
      : (_value, root) => !someLeaf(valueAt(root, path), () => true);
  }
  const test = compileMatcher(matcher, where(path));
  return (value) => someLeaf(value, test);
}

function someLeaf(value: unknown, test: LeafTest): boolean {
  if (Array.isArray(value)) return value.some((element) => someLeaf(element, test));
  return isLeaf(value) && test(value);
}

function isLeaf(value: unknown): value is Leaf {
  return value === null || (value !== undefined && typeof value !== 'object');
}

/** All values at a path, through arrays, as one list. */
function valueAt(value: unknown, path: readonly string[]): unknown {
  const [field, ...rest] = path;
  if (field === undefined) return value;
  if (Array.isArray(value)) return value.map((element) => valueAt(element, path));
  return isObject(value) && Object.hasOwn(value, field) ? valueAt(value[field], rest) : undefined;
}

function where(path: readonly string[]): string {
  return path.length === 0 ? 'the top of the pattern' : path.join('.');
}
