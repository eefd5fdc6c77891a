import { BlockList, isIP } from 'node:net';
import { AwsError } from '../emulated-service.ts';

/** A value at the end of a path in an event. */
export type Leaf = string | number | boolean | null;

/** Decides on one leaf; the leaf is there (absence is `exists: false`, which the pattern itself decides). */
export type LeafTest = (leaf: Leaf) => boolean;

/** The error EventBridge answers for a pattern that it refuses: code InvalidEventPatternException, status 400. */
export function invalidPattern(reason: string): AwsError {
  return new AwsError('InvalidEventPatternException', `Event pattern is not valid. Reason: ${reason}`);
}

/** True for what JSON calls an object. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Numbers must be within ±5 billion, the range that EventBridge compares exactly. */
const NUMERIC_LIMIT = 5_000_000_000;

const NUMERIC_TESTS: Readonly<Record<string, (leaf: number, bound: number) => boolean>> = {
  '=': (leaf, bound) => leaf === bound,
  '<': (leaf, bound) => leaf < bound,
  '<=': (leaf, bound) => leaf <= bound,
  '>': (leaf, bound) => leaf > bound,
  '>=': (leaf, bound) => leaf >= bound,
};

/**
 * Compiles one element of a pattern's list, other than `exists`, into its test.
 * @param matcher a literal (string, number, boolean, null) or an object with one operator, e.g. `{ "prefix": "eu-" }`
 * @param path where it stands, for the error message
 * @throws AwsError InvalidEventPatternException for an unknown operator or operand
 */
export function compileMatcher(matcher: unknown, path: string): LeafTest {
  if (matcher === null || typeof matcher !== 'object') return (leaf) => leaf === matcher;
  const [operator, operand] = onlyEntry(matcher, path);
  switch (operator) {
    case 'prefix':
    case 'suffix':
      return compileAffix(operator, operand, path);
    case 'equals-ignore-case':
      return equalsIgnoreCase(text(operand, operator, path));
    case 'wildcard':
      return compileWildcard(text(operand, operator, path), path);
    case 'anything-but':
      return compileAnythingBut(operand, path);
    case 'numeric':
      return compileNumeric(operand, path);
    case 'cidr':
      return compileCidr(text(operand, operator, path), path);
    default:
      throw invalidPattern(`Unrecognized match type ${operator} at ${path}`);
  }
}

/** The operator and operand of `{ operator: operand }`. */
export function onlyEntry(matcher: object, path: string): [string, unknown] {
  const entries = Array.isArray(matcher) ? [] : Object.entries(matcher);
  const [entry] = entries;
  if (entry === undefined || entries.length !== 1) {
    throw invalidPattern(`Only one match type with a value is allowed in a match expression at ${path}`);
  }
  return entry;
}

function text(operand: unknown, operator: string, path: string): string {
  if (typeof operand !== 'string')
    throw invalidPattern(`${operator} match pattern must be a string at ${path}`);
  return operand;
}

function compileAffix(operator: 'prefix' | 'suffix', operand: unknown, path: string): LeafTest {
  if (!isObject(operand)) {
    const affix = text(operand, operator, path);
    return operator === 'prefix'
      ? (leaf) => typeof leaf === 'string' && leaf.startsWith(affix)
      : (leaf) => typeof leaf === 'string' && leaf.endsWith(affix);
  }
  const [nested, value] = onlyEntry(operand, path);
  if (nested !== 'equals-ignore-case')
    throw invalidPattern(`Unsupported ${operator} pattern ${nested} at ${path}`);
  const affix = text(value, nested, path).toLowerCase();
  return operator === 'prefix'
    ? (leaf) => typeof leaf === 'string' && leaf.toLowerCase().startsWith(affix)
    : (leaf) => typeof leaf === 'string' && leaf.toLowerCase().endsWith(affix);
}

function equalsIgnoreCase(wanted: string): LeafTest {
  const lower = wanted.toLowerCase();
  return (leaf) => typeof leaf === 'string' && leaf.toLowerCase() === lower;
}

/** `*` stands for any run of characters; `\*` and `\\` stand for themselves. */
function compileWildcard(wildcard: string, path: string): LeafTest {
  let source = '';
  for (let index = 0; index < wildcard.length; index += 1) {
    const character = wildcard.charAt(index);
    if (character === '\\') {
      index += 1;
      const escaped = wildcard.charAt(index);
      if (escaped !== '*' && escaped !== '\\')
        throw invalidPattern(`Invalid escape character at pos ${index} of ${path}`);
      source += literal(escaped);
    } else if (character === '*') {
      if (wildcard.charAt(index + 1) === '*')
        throw invalidPattern(`Consecutive wildcard characters at pos ${index} of ${path}`);
      source += '.*';
    } else {
      source += literal(character);
    }
  }
  const expression = new RegExp(`^${source}$`, 's');
  return (leaf) => typeof leaf === 'string' && expression.test(leaf);
}

function literal(character: string): string {
  return character.replace(/[.*+?^${}()|[\]\\]/, '\\$&');
}

function compileAnythingBut(operand: unknown, path: string): LeafTest {
  if (!isObject(operand)) {
    const barred = new Set<Leaf>(literals(operand, path));
    return (leaf) => !barred.has(leaf);
  }
  const [operator, value] = onlyEntry(operand, path);
  if (!['prefix', 'suffix', 'equals-ignore-case', 'wildcard'].includes(operator)) {
    throw invalidPattern(`Unsupported anything-but pattern: ${operator} at ${path}`);
  }
  const values = Array.isArray(value) ? value : [value];
  if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
  const barred = values.map((one) => compileMatcher({ [operator]: one }, path));
  return (leaf) => !barred.some((test) => test(leaf));
}

/** EventBridge takes strings or numbers after anything-but, not both in one list. */
function literals(operand: unknown, path: string): readonly (string | number)[] {
  const values: readonly unknown[] = Array.isArray(operand) ? operand : [operand];
  if (values.length === 0) throw invalidPattern(`Empty arrays are not allowed at ${path}`);
  const strings = values.filter((value) => typeof value === 'string');
  const numbers = values.filter((value) => typeof value === 'number');
  if (strings.length === values.length) return strings;
  if (numbers.length === values.length) return numbers;
  throw invalidPattern(
    `Inside anything-but list, either all values are number or string, mixed type is not supported at ${path}`,
  );
}

/** `["=", n]`, one bound, or a lower and an upper bound; compares JSON numbers only. */
function compileNumeric(operand: unknown, path: string): LeafTest {
  if (!Array.isArray(operand) || (operand.length !== 2 && operand.length !== 4)) {
    throw invalidPattern(`Value of numeric must be an array of one or two comparisons at ${path}`);
  }
  const comparisons: { readonly operator: string; readonly test: (leaf: number) => boolean }[] = [];
  for (let index = 0; index < operand.length; index += 2) {
    const operator: unknown = operand[index];
    const bound: unknown = operand[index + 1];
    const compare = typeof operator === 'string' ? NUMERIC_TESTS[operator] : undefined;
    if (compare === undefined)
      throw invalidPattern(`Unrecognized numeric range operator: ${String(operator)} at ${path}`);
    if (typeof bound !== 'number' || Math.abs(bound) > NUMERIC_LIMIT) {
      throw invalidPattern(`Value must be between -5.0E9 and +5.0E9, inclusive at ${path}`);
    }
    comparisons.push({ operator: String(operator), test: (leaf) => compare(leaf, bound) });
  }
  const [first, second] = comparisons;
  if (second !== undefined && !(first?.operator.startsWith('>') && second.operator.startsWith('<'))) {
    throw invalidPattern(`Bad numeric range: a lower bound must come before an upper bound at ${path}`);
  }
  return (leaf) => typeof leaf === 'number' && comparisons.every((comparison) => comparison.test(leaf));
}

function compileCidr(cidr: string, path: string): LeafTest {
  const [network = '', prefix, ...rest] = cidr.split('/');
  const version = isIP(network);
  const bits = prefix === undefined ? (version === 4 ? 32 : 128) : Number(prefix);
  const prefixIsNumber = prefix === undefined || /^\d{1,3}$/.test(prefix);
  if (version === 0 || rest.length > 0 || !prefixIsNumber || bits > (version === 4 ? 32 : 128)) {
    throw invalidPattern(`Malformed CIDR, one '/' required: ${cidr} at ${path}`);
  }
  const family = version === 4 ? 'ipv4' : 'ipv6';
  const range = new BlockList();
  range.addSubnet(network, bits, family);
  return (leaf) => typeof leaf === 'string' && isIP(leaf) === version && range.check(leaf, family);
}
