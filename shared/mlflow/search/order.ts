import { type Field, fieldOf, type SearchableEntity, type SearchRecord } from './entity.ts';
import { invalidSearch, shownList, tokensOf } from './tokens.ts';
import { type DatasetChoice, readerOf, type SearchValue } from './values.ts';

/** One part of an order. */
export interface OrderTerm {
  readonly ascending: boolean;
  readonly read: (record: SearchRecord) => SearchValue | undefined;
}

/** A total order of records: its terms, the entity's tie-breakers, and the records' ids. */
export interface Order {
  /** The same for the same order, whatever its spelling. */
  readonly text: string;
  readonly terms: readonly OrderTerm[];
}

/** A key to sort by, not yet looked up. */
interface OrderKey {
  readonly field: Field;
  readonly ascending: boolean;
  readonly dataset?: DatasetChoice | undefined;
}

/**
 * An order of `key [ASC|DESC]` texts; the entity's own where there are none. Throws InvalidSearch for unknown keys, keys that come
 * twice and what is no such text.
 */
export function parseOrderBy(entity: SearchableEntity, orderBy: readonly string[]): Order {
  const wanted = orderBy.length > 0 ? orderBy : entity.defaultOrder;
  return orderOf(
    entity,
    wanted.map((clause) => orderKey(entity, clause)),
  );
}

/** How logged models are ordered: by fields, of which metrics may be those of one dataset. */
export interface OrderField {
  readonly fieldName: string;
  readonly ascending: boolean;
  readonly datasetName?: string | undefined;
  readonly datasetDigest?: string | undefined;
}

/** As `parseOrderBy`, for fields. A field's name is taken as it is, without quotes. */
export function parseOrderFields(entity: SearchableEntity, fields: readonly OrderField[]): Order {
  return orderOf(
    entity,
    fields.map(({ fieldName, ascending, datasetName, datasetDigest }) => {
      if (datasetDigest && !datasetName) {
        throw invalidSearch('`dataset_digest` can only be specified if `dataset_name` is also specified.');
      }
      const [prefix = '', ...rest] = fieldName.trim().split('.');
      const parts = rest.length === 0 ? [prefix] : [prefix, rest.join('.')];
      const dataset = datasetName ? { name: datasetName, digest: datasetDigest || undefined } : undefined;
      return { field: fieldOf(entity, parts, 'order'), ascending, dataset };
    }),
  );
}

/** An order of keys that were looked up; adds the tie-breakers. */
function orderOf(entity: SearchableEntity, keys: readonly OrderKey[]): Order {
  const names = keys.map(nameOf);
  if (new Set(names).size < names.length) {
    throw invalidSearch(`\`order_by\` contains duplicate fields: ${shownList(names)}`);
  }
  const ties = entity.tieBreakers
    .map((clause) => orderKey(entity, clause))
    .filter((key) => !names.includes(nameOf(key)));
  const all = [...keys, ...ties];
  return {
    text: all.map((key) => `${nameOf(key)} ${key.ascending ? 'ASC' : 'DESC'}`).join(', '),
    terms: all.map((key) => ({ ascending: key.ascending, read: firstValue(key) })),
  };
}

/** Negative where `a` comes first. Values, then NaN, then missing ones, ascending or not. */
export function compare(order: Order, a: SearchRecord, b: SearchRecord): number {
  for (const { ascending, read } of order.terms) {
    const difference = compareValues(read(a), read(b), ascending);
    if (difference !== 0) return difference;
  }
  return compareTexts(a.id, b.id);
}

export function compareValues(
  a: SearchValue | undefined,
  b: SearchValue | undefined,
  ascending: boolean,
): number {
  const rank = rankOf(a) - rankOf(b);
  if (rank !== 0) return rank;
  if (a === undefined || b === undefined || a === b || Number.isNaN(a)) return 0;
  const isLess = typeof a === typeof b ? a < b : typeof a === 'number';
  return isLess === ascending ? -1 : 1;
}

export const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const rankOf = (value: SearchValue | undefined): number =>
  value === undefined ? 2 : Number.isNaN(value) ? 1 : 0;

function orderKey(entity: SearchableEntity, clause: string): OrderKey {
  const unreadable = () =>
    invalidSearch(`Invalid order_by clause '${clause.slice(0, 300)}'. Could not be parsed.`);
  const [name, direction, ...rest] = tokensOf(clause, unreadable);
  if (name?.kind !== 'name' || rest.length > 0) throw unreadable();
  const word = direction?.text.toUpperCase() ?? 'ASC';
  if (word !== 'ASC' && word !== 'DESC') {
    throw invalidSearch(
      `Invalid ordering key in order_by clause '${clause.slice(0, 300)}'. Use ASC or DESC.`,
    );
  }
  return { field: fieldOf(entity, name.parts, 'order'), ascending: word === 'ASC' };
}

const nameOf = ({ field, dataset }: OrderKey): string =>
  [`${field.kind}.${field.key}`, dataset?.name, dataset?.digest]
    .filter((part) => part !== undefined)
    .join('@');

function firstValue({ field, dataset }: OrderKey): OrderTerm['read'] {
  const read = readerOf(field);
  if (field.kind !== 'metric') return (record) => read(record)[0];
  return (record) => {
    if (!record.datasetMetrics) return read(record)[0];
    return record.datasetMetrics.find(
      (metric) =>
        metric.key === field.key &&
        (dataset === undefined || metric.datasetName === dataset.name) &&
        (dataset?.digest === undefined || metric.datasetDigest === dataset.digest),
    )?.value;
  };
}
