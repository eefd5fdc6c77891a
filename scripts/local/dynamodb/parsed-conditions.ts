import validations from 'dynalite/validations/index.js';

/** A request after the check of types; the engine keeps what it parses in members with a leading underscore. */
type Data = Record<string, unknown>;
type Value = Readonly<Record<string, unknown>>;
type Values = Readonly<Record<string, Value>>;

/** Stands in a kept condition where a request has its own value. */
class ValuePlace {
  readonly name: string;

  constructor(name: string) {
    this.name = name;
  }
}

/** More different conditions than a platform has; one that builds them from its data empties the store now and then. */
const maxKept = 1000;
/** Members that share names and values with the condition, or that must not stand beside one. */
const neverBeside = ['UpdateExpression', 'Expected', 'AttributeUpdates', 'ConditionalOperator'];
/** What the parser decides by values, not only by their types. */
const looksAtValues = /between|attribute_type/i;

/**
 * Conditions that were parsed before. A third of the processor time of a conditional write is the parsing of an expression that every
 * write of its kind has: only the values differ.
 */
export class ParsedConditions {
  readonly #kept = new Map<string, unknown>();

  /**
   * Carries out `check`, which parses the condition of `data` into `_condition`, or does the same for a condition that is known: then
   * `check` gets the rest of the request.
   */
  check(data: Data, check: (data: Data) => void): Data {
    const key = keyOf(data);
    const kept = key === undefined ? undefined : this.#kept.get(key);
    const values = (data['ExpressionAttributeValues'] ?? {}) as Values;
    if (kept === undefined || !Object.values(values).every(isValid)) {
      check(data);
      if (key !== undefined) this.#keep(key, replaced(data['_condition'], placesOf(values)));
      return data;
    }
    const {
      ConditionExpression: _condition,
      ExpressionAttributeNames: _names,
      ExpressionAttributeValues: _values,
      ...rest
    } = data;
    check(rest);
    return { ...rest, _condition: filled(kept, values) };
  }

  #keep(key: string, condition: unknown): void {
    if (this.#kept.size >= maxKept) this.#kept.clear();
    this.#kept.set(key, condition);
  }
}

/** Requests of the same key have the same condition but for its values; undefined where that cannot be told without parsing. */
function keyOf(data: Data): string | undefined {
  const { ConditionExpression, ExpressionAttributeNames, ExpressionAttributeValues = {} } = data;
  if (typeof ConditionExpression !== 'string' || looksAtValues.test(ConditionExpression)) return undefined;
  if (neverBeside.some((member) => data[member] !== undefined)) return undefined;
  const types = Object.entries(ExpressionAttributeValues as Values).map(([name, value]) => [
    name,
    ...Object.keys(value),
  ]);
  return JSON.stringify([ConditionExpression, ExpressionAttributeNames, types]);
}

/** As the engine checks a value, which also writes numbers in their normal form. */
const isValid = (value: Value): boolean => !validations.validateAttributeValue(value);

const placesOf = (values: Values): ReadonlyMap<unknown, ValuePlace> =>
  new Map(Object.entries(values).map(([name, value]) => [value, new ValuePlace(name)]));

/** The condition with places instead of a request's values. */
function replaced(node: unknown, places: ReadonlyMap<unknown, ValuePlace>): unknown {
  return places.get(node) ?? mapped(node, (inner) => replaced(inner, places));
}

/** The condition with the values of another request. */
function filled(node: unknown, values: Values): unknown {
  return node instanceof ValuePlace ? values[node.name] : mapped(node, (inner) => filled(inner, values));
}

/** What holds no value stays the parser's own object, without a prototype: `constructor` is a name like any other. */
function mapped(node: unknown, map: (inner: unknown) => unknown): unknown {
  if (typeof node !== 'object' || node === null) return node;
  const inner = Object.values(node);
  const changed = inner.map(map);
  if (changed.every((one, place) => one === inner[place])) return node;
  if (Array.isArray(node)) return changed;
  return Object.fromEntries(Object.keys(node).map((name, place) => [name, changed[place]]));
}
