/** A row of a source, in microseconds. `tie` tells rows of one instant apart. */
export interface KnownRow {
  readonly key: readonly (string | number)[];
  readonly eventAt: number;
  readonly availableAt: number;
  readonly knownAt: number;
  readonly tie: string;
  readonly values: Readonly<Record<string, number | string | null>>;
}

export interface Asked {
  readonly key: readonly (string | number | null)[];
  readonly at: number;
}

interface Knowledge {
  readonly asOf: number;
  /** Whether the platform must have known a row at the time that is asked about. */
  readonly knownThen?: boolean;
}

/** The rows of an entity that are visible at a time, oldest first: the rule itself, row by row. */
function visibleRows(
  rows: readonly KnownRow[],
  { key, at }: Asked,
  { asOf, knownThen }: Knowledge,
): KnownRow[] {
  return rows
    .filter(
      (row) =>
        row.key.every((part, place) => part === key[place]) &&
        row.eventAt <= at &&
        row.availableAt <= at &&
        row.knownAt <= asOf &&
        (!knownThen || row.knownAt <= at),
    )
    .toSorted(
      (a, b) =>
        a.eventAt - b.eventAt ||
        a.availableAt - b.availableAt ||
        (a.tie < b.tie ? -1 : a.tie > b.tie ? 1 : 0),
    );
}

export interface Answer {
  readonly status: 'PRESENT' | 'EXPIRED' | 'NOT_FOUND';
  readonly eventAt: number | null;
  readonly values: Readonly<Record<string, number | string | null>>;
}

const allNull = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, null]));

/** What a view with a schema answers. */
export function newestRow(
  rows: readonly KnownRow[],
  asked: Asked,
  knowledge: Knowledge & { readonly ttlSeconds?: number; readonly names: readonly string[] },
): Answer {
  const newest = visibleRows(rows, asked, knowledge).at(-1);
  const { names, ttlSeconds } = knowledge;
  if (!newest) return { status: 'NOT_FOUND', eventAt: null, values: allNull(names) };
  const isExpired = ttlSeconds !== undefined && asked.at - newest.eventAt > ttlSeconds * 1_000_000;
  return {
    status: isExpired ? 'EXPIRED' : 'PRESENT',
    eventAt: newest.eventAt,
    values: isExpired
      ? allNull(names)
      : Object.fromEntries(names.map((name) => [name, newest.values[name] ?? null])),
  };
}

export interface AskedWindow {
  readonly name: string;
  readonly function: 'count' | 'sum' | 'mean' | 'min' | 'max' | 'last' | 'distinct';
  readonly column?: string | undefined;
  readonly windowSeconds: number;
  readonly hopSeconds: number;
}

/** What a view with aggregations answers. Values of columns are whole numbers, so that sums are exact in any order. */
export function windowAnswer(
  rows: readonly KnownRow[],
  asked: Asked,
  knowledge: Knowledge & { readonly windows: readonly AskedWindow[] },
): Answer {
  const visible = visibleRows(rows, asked, knowledge);
  const within = (window: AskedWindow) =>
    visible.filter(({ eventAt }) => eventAt >= beginOf(window, asked.at));
  const { windows } = knowledge;
  const longest = within(windows.toSorted((a, b) => b.windowSeconds - a.windowSeconds)[0]!);
  if (longest.length === 0)
    return { status: 'NOT_FOUND', eventAt: null, values: allNull(windows.map(({ name }) => name)) };
  return {
    status: 'PRESENT',
    eventAt: longest.at(-1)!.eventAt,
    values: Object.fromEntries(windows.map((window) => [window.name, valueOfWindow(window, within(window))])),
  };
}

function beginOf({ windowSeconds, hopSeconds }: AskedWindow, at: number): number {
  const [from, hop] = [BigInt(at) - BigInt(windowSeconds) * 1_000_000n, BigInt(hopSeconds) * 1_000_000n];
  const rest = ((from % hop) + hop) % hop;
  return Number(from - rest);
}

function valueOfWindow(
  { function: name, column }: AskedWindow,
  rows: readonly KnownRow[],
): number | string | null {
  if (column === undefined) return rows.length;
  const values = rows.map((row) => row.values[column] ?? null);
  if (name === 'last') return values.at(-1) ?? null;
  const numbers = values.filter((value) => value !== null).map(Number);
  if (name === 'count') return numbers.length;
  if (name === 'distinct') return new Set(numbers).size;
  if (numbers.length === 0) return null;
  const sum = numbers.reduce((total, value) => total + value, 0);
  if (name === 'sum') return sum;
  if (name === 'mean') return sum / numbers.length;
  return name === 'min' ? Math.min(...numbers) : Math.max(...numbers);
}
