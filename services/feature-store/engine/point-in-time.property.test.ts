import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import {
  pathIn,
  retrieve,
  type SourceKind,
  secondsOf,
  viewOf,
  writeRecords,
  writeRows,
} from '#test/doubles/feature-views.ts';
import { type AskedWindow, type KnownRow, newestRow, windowAnswer } from '#test/doubles/point-in-time.ts';

/** Few instants, so that many rows share one, and their neighbours by a microsecond; also before 1970. */
const instant = fc
  .tuple(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, 0, 0, 1, -1))
  .map(([minutes, microsecond]) => minutes * 60 * secondsOf + microsecond);
const key = fc.tuple(fc.constantFrom('a', 'b', 'it’s "c"'), fc.constantFrom(1, 2));
const kind = fc.constantFrom<SourceKind>('upload', 'column', { delay: 0 }, { delay: 300 }, 'stream');
const drawnRow = fc.record({
  key,
  eventAt: instant,
  late: fc.oneof(fc.constant(0), instant),
  knownAt: instant,
  id: fc.integer({ min: 0, max: 1_000_000 }),
  x: fc.option(fc.integer({ min: -3, max: 3 })),
  s: fc.option(fc.constantFrom('p', 'q', '')),
});

/** A drawn row as the rows of a kind of source are. */
function knownRow(
  of: SourceKind,
  drawn: typeof drawnRow extends fc.Arbitrary<infer T> ? T : never,
  place: number,
): KnownRow {
  const { eventAt, late, x, s } = drawn;
  const knownAt = of === 'stream' ? Math.max(eventAt, drawn.knownAt) : drawn.knownAt;
  const availableAt =
    of === 'column' ? eventAt + late : typeof of === 'object' ? eventAt + of.delay * secondsOf : knownAt;
  const tie =
    of === 'stream' ? `r${String(drawn.id).padStart(7, '0')}-${place}` : String(place).padStart(12, '0');
  return { key: drawn.key, eventAt, availableAt, knownAt, tie, values: { x, s } };
}

const world = fc
  .record({
    kind,
    drawn: fc.array(drawnRow, { maxLength: 30 }),
    asked: fc.array(
      fc.record({ key: fc.oneof(key, fc.constant([null, 1] as [null, number])), at: instant }),
      { minLength: 1, maxLength: 20 },
    ),
    asOf: instant,
    ttl: fc.constantFrom(
      {},
      { ttlSeconds: 1 },
      { ttlSeconds: 60 },
      { ttlSeconds: 600 },
      { ttlSeconds: 3600 },
    ),
    knownThen: fc.boolean(),
    rowsAtOnce: fc.constantFrom(3, 2_000_000),
    maxPairsPerRow: fc.constantFrom(0, 30),
  })
  .map(({ drawn, ttl, ...rest }) => ({
    ...rest,
    ...(ttl as { ttlSeconds?: number }),
    rows: drawn.map((row, place) => knownRow(rest.kind, row, place)),
  }));

const hours = 3600;
const windows: AskedWindow[] = [
  { name: 'rows', function: 'count', windowSeconds: 600, hopSeconds: 60 },
  { name: 'xs', function: 'count', column: 'x', windowSeconds: hours, hopSeconds: 60 },
  { name: 'total', function: 'sum', column: 'x', windowSeconds: 1200, hopSeconds: 300 },
  { name: 'average', function: 'mean', column: 'x', windowSeconds: 1200, hopSeconds: 300 },
  { name: 'least', function: 'min', column: 'x', windowSeconds: 900, hopSeconds: 900 },
  { name: 'most', function: 'max', column: 'x', windowSeconds: 300, hopSeconds: 60 },
  { name: 'newest', function: 'last', column: 's', windowSeconds: 1800, hopSeconds: 60 },
  { name: 'different', function: 'distinct', column: 'x', windowSeconds: 1800, hopSeconds: 60 },
];

type World = typeof world extends fc.Arbitrary<infer T> ? T : never;

async function checkWorlds(
  numRuns: number,
  aggregations: readonly AskedWindow[],
  expected: (given: World) => unknown,
): Promise<void> {
  await withScratchFolder((folder) =>
    withDuckDb({ folder, functionMemoryMb: 512 }, async (database) => {
      await fc.assert(
        fc.asyncProperty(world, async (given) => {
          const [first, second] = [pathIn(folder, 'first'), pathIn(folder, 'second')];
          const half = given.kind === 'stream' ? Math.floor(given.rows.length / 2) : given.rows.length;
          const files = [await writeRows(database, given.rows.slice(0, half), first)];
          if (given.kind === 'stream')
            files.push(await writeRecords(database, given.rows.slice(half), second));
          const view = viewOf(given.kind, aggregations);
          const answers = await retrieve(database, { ...given, view, files });
          expect(answers).toEqual(expected(given));
        }),
        { numRuns },
      );
    }),
  );
}

describe('a point-in-time join', () => {
  it('answers what looking at every row answers', { timeout: 120_000 }, () =>
    checkWorlds(100, [], (given) =>
      given.asked.map((asked) => newestRow(given.rows, asked, { ...given, names: ['x', 's'] })),
    ),
  );

  it('answers windows as looking at every row does', { timeout: 120_000 }, () =>
    checkWorlds(100, windows, (given) =>
      given.asked.map((asked) => windowAnswer(given.rows, asked, { ...given, windows })),
    ),
  );
});
