import * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { decodePageToken, encodePageToken, type Page } from '#shared/kernel/paging.ts';
import type { SearchRecord } from './entity.ts';
import type { Filter } from './filter.ts';
import { compareTexts, compareValues, type Order } from './order.ts';
import type { SearchValue } from './values.ts';

export interface SearchQuery<Item> {
  /** All that the search is about. */
  readonly items: Iterable<Item>;
  readonly toRecord: (item: Item) => SearchRecord;
  readonly filter: Filter;
  readonly order: Order;
  /** Most items of a page, at least 1. */
  readonly maxResults: number;
  readonly pageToken: string | undefined;
  /** How many bytes an item takes in the answer, and how many all may take: the page ends before, but has one item. */
  readonly bytes?: { readonly of: (item: Item) => number; readonly most: number };
  /** What else the search depends on, e.g. experiments and view: a token is good for this search alone. */
  readonly scope?: readonly string[];
}

interface Place {
  readonly values: readonly (SearchValue | undefined)[];
  readonly id: string;
}

/**
 * One page of a search. A token holds the place of the last item in the order, so that the next page begins behind it whatever
 * was added or removed since: what was there all along, unchanged, comes exactly once. Throws InvalidPageToken for a token of
 * another search.
 */
export function searchPage<Item>({ items, ...search }: SearchQuery<Item>): Page<Item> {
  const collector = new PageCollector(search);
  for (const item of items) collector.add(item);
  return collector.page();
}

/**
 * As `searchPage`, of items that come one after the other: of them it keeps about twice a page, so that a search of very many needs
 * the memory of few. Throws InvalidPageToken.
 */
export class PageCollector<Item> {
  readonly #search: Omit<SearchQuery<Item>, 'items'>;
  readonly #fingerprint: string;
  /** Where the page begins. */
  readonly #after: Place | undefined;
  /** One more than a page has, which tells that there is another page. */
  readonly #mostKept: number;
  #found: (Place & { readonly item: Item })[] = [];
  /** What comes behind this place is on a later page. */
  #last: Place | undefined;

  constructor(search: Omit<SearchQuery<Item>, 'items'>) {
    this.#search = search;
    this.#fingerprint = fingerprintOf(search);
    this.#mostKept = search.maxResults + 1;
    this.#after = search.pageToken
      ? placeOf(search.pageToken, this.#fingerprint, search.order.terms.length)
      : undefined;
  }

  add(item: Item): void {
    const { toRecord, filter, order } = this.#search;
    const record = toRecord(item);
    if (!filter.test(record)) return;
    const place = { item, id: record.id, values: order.terms.map(({ read }) => read(record)) };
    if (this.#after && comparePlaces(order, this.#after, place) >= 0) return;
    if (this.#last && comparePlaces(order, this.#last, place) < 0) return;
    this.#found.push(place);
    if (this.#found.length >= 2 * this.#mostKept) this.#sort();
  }

  /** The first page of all that was added. */
  page(): Page<Item> {
    this.#sort();
    const { maxResults, bytes } = this.#search;
    const found = this.#found;
    const page = found.slice(0, bytes ? fittingCount(found, maxResults, bytes) : maxResults);
    const last = page.at(-1);
    return {
      items: page.map(({ item }) => item),
      ...(last && found.length > page.length ? { nextPageToken: tokenOf(last, this.#fingerprint) } : {}),
    };
  }

  #sort(): void {
    this.#found.sort((a, b) => comparePlaces(this.#search.order, a, b));
    if (this.#found.length < this.#mostKept) return;
    this.#found = this.#found.slice(0, this.#mostKept);
    this.#last = this.#found.at(-1);
  }
}

function fittingCount<Item>(
  found: readonly { readonly item: Item }[],
  maxResults: number,
  { of, most }: NonNullable<SearchQuery<Item>['bytes']>,
): number {
  let left = most;
  const end = found.slice(0, maxResults).findIndex(({ item }) => {
    left -= of(item);
    return left < 0;
  });
  return end === -1 ? maxResults : Math.max(end, 1);
}

function comparePlaces(order: Order, a: Place, b: Place): number {
  for (let index = 0; index < order.terms.length; index++) {
    const difference = compareValues(a.values[index], b.values[index], order.terms[index]?.ascending ?? true);
    if (difference !== 0) return difference;
  }
  return compareTexts(a.id, b.id);
}

const fingerprintOf = ({
  filter,
  order,
  scope = [],
}: Pick<SearchQuery<unknown>, 'filter' | 'order' | 'scope'>): string =>
  sha256Hex(JSON.stringify([filter.text, order.text, ...scope])).slice(0, 16);

/** JSON has no NaN and no infinity: numbers that it cannot write come as `[text]`. */
const wireValue = z.union([
  z.string(),
  z.number(),
  z.null(),
  z.tuple([z.enum(['NaN', 'Infinity', '-Infinity'])]),
]);
const wirePlace = z.tuple([z.string(), z.array(wireValue), z.string()]);

const tokenOf = ({ values, id }: Place, fingerprint: string): string =>
  encodePageToken([
    fingerprint,
    values.map((value) => {
      if (value === undefined) return null;
      return typeof value === 'string' || Number.isFinite(value) ? value : [String(value)];
    }),
    id,
  ]);

function placeOf(token: string, fingerprint: string, terms: number): Place {
  const parsed = wirePlace.safeParse(decodePageToken(token));
  if (!parsed.success) throw foreignToken(token, 'was not made by this search');
  const [owner, values, id] = parsed.data;
  if (owner !== fingerprint || values.length !== terms) {
    throw foreignToken(token, 'was made by a search with another filter, order or set of experiments');
  }
  return {
    id,
    values: values.map((value) =>
      value === null ? undefined : Array.isArray(value) ? Number(value[0]) : value,
    ),
  };
}

const foreignToken = (token: string, why: string): AppError =>
  new AppError(
    'invalid_input',
    'InvalidPageToken',
    `Invalid page token '${token.slice(0, 40)}': it ${why}. Send back next_page_token as it came with the same filter and order_by, or leave it out for the first page.`,
  );
