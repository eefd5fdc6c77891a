import { invalidSearch, shownList } from './tokens.ts';

/** Where a record keeps what is searched for. */
export type FieldKind =
  | 'attribute'
  | 'metric'
  | 'param'
  | 'tag'
  | 'dataset'
  | 'metadata'
  | 'run'
  | 'prompt'
  | 'span'
  | 'feedback'
  | 'expectation'
  | 'issue';

export type Operator =
  | '='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | 'LIKE'
  | 'ILIKE'
  | 'RLIKE'
  | 'IN'
  | 'NOT IN'
  | 'IS NULL'
  | 'IS NOT NULL';

export const numericOperators: readonly Operator[] = ['=', '!=', '<', '<=', '>', '>='];
export const textOperators: readonly Operator[] = ['=', '!=', 'LIKE', 'ILIKE'];
export const listOperators: readonly Operator[] = [...textOperators, 'IN', 'NOT IN'];
export const nullableOperators: readonly Operator[] = [...textOperators, 'IS NULL', 'IS NOT NULL'];

/** One thing that a filter may ask about and an order may sort by. */
export interface Field {
  readonly kind: FieldKind;
  readonly key: string;
  /** As MLflow's messages name its kind, e.g. `parameter`. */
  readonly label: string;
  readonly values: 'number' | 'string' | 'assessment';
  readonly operators: readonly Operator[];
  /** Numbers may come in quotes. */
  readonly quotedNumbers: boolean;
  /** Attributes of the entity that compare with lists, for the message to who sends a list for another. */
  readonly listedAttributes: readonly string[];
  readonly expressionMatcher: SearchableEntity['expressionMatcher'];
}

/** All keys of one kind: `metrics.<key>`. */
export interface Family {
  readonly kind: FieldKind;
  readonly label: string;
  readonly prefixes: readonly string[];
  readonly values: Field['values'];
  readonly operators: readonly Operator[];
  /** Closed set of keys; any key where absent. */
  readonly keys?: readonly string[];
  /** More keys: those that begin so. */
  readonly keyPrefix?: string;
  readonly orderable: boolean;
}

export interface Attribute {
  /** Other names of it. */
  readonly aliases?: readonly string[];
  readonly values: 'number' | 'string';
  readonly operators: readonly Operator[];
  readonly quotedNumbers?: boolean;
  readonly filterable?: boolean;
  readonly orderable?: boolean;
  /** It is kept elsewhere in the record. */
  readonly keptAs?: { readonly kind: FieldKind; readonly key: string };
}

/** What may be searched for in one kind of record, and how it is sorted when nobody says. */
export interface SearchableEntity {
  readonly name: string;
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly attributePrefixes: readonly string[];
  readonly families: readonly Family[];
  /** `key [ASC|DESC]`, taken where the caller names no order. */
  readonly defaultOrder: readonly string[];
  /** Appended to every order, unless it has the key. */
  readonly tieBreakers: readonly string[];
  /** MLflow calls what it is sorted by order by keys, not attributes. */
  readonly hasPlainOrderKeys?: boolean;
  /** Compiles the regular expressions of RLIKE, where fields have that. */
  readonly expressionMatcher?: ((expression: string) => (text: string) => boolean) | undefined;
  /** Prompts are registered models with a tag: left out unless the filter asks for them. */
  readonly hidesPrompts?: boolean;
}

export interface DatasetMetric {
  readonly key: string;
  readonly value: number;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

export interface SearchedSpan {
  readonly name: string;
  readonly type?: string | undefined;
  readonly status?: string | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** The whole span as a text, for full text search. */
  readonly content: string;
}

export type KeyedValues<Value> = ReadonlyMap<string, Value> | Readonly<Record<string, Value>>;

/** What a search sees of one item. `attributes` goes by the entity's own names; what an item has not is left out. */
export interface SearchRecord {
  /** Unique, and the last tie-breaker. */
  readonly id: string;
  readonly attributes: Readonly<Record<string, string | number | undefined>>;
  readonly metrics?: KeyedValues<number>;
  /** Instead of `metrics` where a metric has a value for each dataset: one that fits is enough. */
  readonly datasetMetrics?: readonly DatasetMetric[];
  readonly params?: KeyedValues<string>;
  readonly tags?: KeyedValues<string>;
  readonly datasets?: readonly {
    readonly name: string;
    readonly digest: string;
    readonly context?: string | undefined;
  }[];
  readonly metadata?: KeyedValues<string>;
  /** Runs that a trace is linked to, besides the one of its metadata. */
  readonly linkedRuns?: readonly string[];
  /** `<name>/<version>` of the prompts that a trace used. */
  readonly prompts?: readonly string[];
  readonly spans?: readonly SearchedSpan[];
  /** Valid ones alone. */
  readonly assessments?: readonly {
    readonly kind: 'feedback' | 'expectation' | 'issue';
    readonly name: string;
    readonly value: unknown;
  }[];
}

/** The field of a name, for a filter or an order. Throws InvalidSearch in MLflow's words for what the entity does not have. */
export function fieldOf(entity: SearchableEntity, parts: readonly string[], use: 'filter' | 'order'): Field {
  const [prefix = '', ...rest] = parts;
  if (rest.length === 0 || entity.attributePrefixes.includes(prefix)) {
    return attributeField(entity, rest.length === 0 ? prefix : rest.join('.'), use);
  }
  const key = rest.join('.');
  const families = entity.families.filter(({ prefixes }) => prefixes.includes(prefix));
  const family = families.find((each) => hasKey(each, key)) ?? families[0];
  if (!family) {
    const valid = new Set([
      ...entity.families.map(({ label }) => label),
      ...entity.attributePrefixes.slice(0, 1),
    ]);
    throw invalidSearch(`Invalid entity type '${prefix}'. Valid values are ${shownList(valid)}`);
  }
  return { ...familyField(family, key, use), expressionMatcher: entity.expressionMatcher };
}

const hasKey = ({ keys, keyPrefix }: Family, key: string): boolean =>
  !keys || keys.includes(key) || (keyPrefix !== undefined && key.startsWith(keyPrefix) && key !== keyPrefix);

function familyField(family: Family, key: string, use: 'filter' | 'order'): Omit<Field, 'expressionMatcher'> {
  const { kind, label, values, operators, keys = [], keyPrefix } = family;
  if (use === 'order' && !family.orderable) throw invalidSearch(`Invalid order_by entity type '${label}'`);
  if (!hasKey(family, key)) {
    const valid = keyPrefix ? [...keys, `${keyPrefix}<name>`] : keys;
    const word = kind === 'dataset' ? 'key' : 'attribute';
    throw invalidSearch(`Invalid ${label} ${word} '${key}' specified. Valid keys are '${shownList(valid)}'`);
  }
  return { kind, key, label, values, operators, quotedNumbers: false, listedAttributes: [] };
}

function attributeField(entity: SearchableEntity, name: string, use: 'filter' | 'order'): Field {
  const usable = Object.entries(entity.attributes).filter(([, attribute]) =>
    use === 'filter' ? attribute.filterable !== false : attribute.orderable !== false,
  );
  const found = usable.find(([key, { aliases }]) => key === name || aliases?.includes(name));
  if (!found) {
    const valid = usable.flatMap(([key, { aliases = [] }]) => [key, ...aliases]);
    const word = use === 'order' && entity.hasPlainOrderKeys ? 'order by' : 'attribute';
    throw invalidSearch(`Invalid ${word} key '${name}' specified. Valid keys are '${shownList(valid)}'`);
  }
  const [canonical, attribute] = found;
  const { kind, key } = attribute.keptAs ?? { kind: 'attribute', key: canonical };
  const listedAttributes = usable
    .filter(([, { operators }]) => operators.includes('IN'))
    .map(([listed]) => listed);
  return {
    kind,
    key,
    label: 'attribute',
    values: attribute.values,
    operators: attribute.operators,
    quotedNumbers: attribute.quotedNumbers ?? false,
    listedAttributes,
    expressionMatcher: entity.expressionMatcher,
  };
}
