import { describe, expect, it } from 'vitest';
import { type SourceKind, sourceOf, viewOf } from '#test/doubles/feature-views.ts';
import {
  askedRides,
  pinnedRides,
  quoted,
  type Ride,
  time,
  withRides,
  writeRides,
} from '#test/doubles/rides.ts';
import { retrieveFeatures } from './retrieve-features.ts';

interface Case {
  readonly rows: readonly Ride[];
  readonly ask: readonly (readonly [driver: string | null, at: string])[];
  readonly source?: SourceKind;
  readonly ttl?: number;
  readonly asOf?: string;
  readonly expected: readonly (number | null | 'EXPIRED' | 'NOT_FOUND')[];
}

const cases: Readonly<Record<string, Case>> = {
  'the newest row that happened by then': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', 2],
      ['a', '12:00:00', 3],
    ],
    ask: [
      ['a', '11:30:00'],
      ['a', '11:00:00'],
      ['a', '10:59:59.999999'],
      ['a', '13:00:00'],
    ],
    expected: [2, 2, 1, 3],
  },
  'nothing before the first row, for a missing entity, and for a missing key': {
    rows: [['a', '10:00:00', 1]],
    ask: [
      ['a', '09:59:59.999999'],
      ['b', '11:00:00'],
      [null, '11:00:00'],
    ],
    expected: ['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND'],
  },
  'of rows of one event the one that became known last': {
    rows: [
      ['a', '10:00:00', 1, '10:20:00'],
      ['a', '10:00:00', 2, '10:10:00'],
    ],
    source: 'column',
    ask: [
      ['a', '10:05:00'],
      ['a', '10:15:00'],
      ['a', '10:25:00'],
    ],
    expected: ['NOT_FOUND', 2, 1],
  },
  'of rows that are alike in both times the later in the file': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '10:00:00', 3],
      ['a', '10:00:00', 2],
    ],
    ask: [['a', '10:00:00']],
    expected: [2],
  },
  'a value until its ttl is over, to the microsecond': {
    rows: [['a', '10:00:00', 1]],
    ttl: 3600,
    ask: [
      ['a', '11:00:00'],
      ['a', '11:00:00.000001'],
      ['a', '10:00:00'],
    ],
    expected: [1, 'EXPIRED', 1],
  },
  'expired where the newest is, whatever became known later about the time before': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '08:00:00', 2, '11:30:00'],
    ],
    source: 'column',
    ttl: 3600,
    ask: [['a', '11:45:00']],
    expected: ['EXPIRED'],
  },
  'not a row that came late and is older than what was known': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '09:00:00', 2, '12:00:00'],
      ['a', '11:00:00', 3, '13:00:00'],
    ],
    source: 'column',
    ask: [
      ['a', '11:30:00'],
      ['a', '12:30:00'],
      ['a', '13:30:00'],
    ],
    expected: [1, 1, 3],
  },
  'not a row before its event, though it was announced': {
    rows: [['a', '12:00:00', 1, '09:00:00']],
    source: 'column',
    ask: [
      ['a', '11:59:59'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1],
  },
  'a row that does not say when it was known from its upload on': {
    rows: [['a', '10:00:00', 1, 'unknown', '2026-05-01T12:00:00Z']],
    source: 'column',
    ask: [
      ['a', '11:00:00'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1],
  },
  'rows from their upload on, where nothing else says it': {
    rows: [
      ['a', '10:00:00', 1, undefined, '2026-05-01T11:00:00Z'],
      ['a', '10:30:00', 2, undefined, '2026-05-01T12:00:00Z'],
    ],
    source: 'upload',
    ask: [
      ['a', '10:45:00'],
      ['a', '11:15:00'],
      ['a', '12:00:00'],
    ],
    expected: ['NOT_FOUND', 1, 2],
  },
  'rows as long after their event as the source says': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', 2],
    ],
    source: { delay: 900 },
    ask: [
      ['a', '10:14:59.999999'],
      ['a', '10:15:00'],
      ['a', '11:14:00'],
      ['a', '11:15:00'],
    ],
    expected: ['NOT_FOUND', 1, 1, 2],
  },
  'nothing that the platform came to know after asOf': {
    rows: [
      ['a', '10:00:00', 1, undefined, '2026-06-01T00:00:00Z'],
      ['a', '10:00:00', 2, undefined, '2026-06-02T00:00:00Z'],
    ],
    source: { delay: 0 },
    asOf: '2026-06-01T00:00:00Z',
    ask: [['a', '10:30:00']],
    expected: [1],
  },
  'a missing value of the newest row, not an older one': {
    rows: [
      ['a', '10:00:00', 1],
      ['a', '11:00:00', null],
    ],
    ask: [['a', '12:00:00']],
    expected: [null],
  },
  'each of entity rows that are alike, in their order': {
    rows: [
      ['a', '10:00:00', 1],
      ['b', '10:00:00', 2],
    ],
    ask: [
      ['b', '12:00:00'],
      ['a', '12:00:00'],
      ['b', '12:00:00'],
      ['b', '12:00:00'],
    ],
    expected: [2, 1, 2, 2],
  },
  'times in any zone and of any precision': {
    rows: [
      ['a', '2026-05-01T12:00:00.001+02:00', 1],
      ['a', '2026-05-01 10:00:00.001001', 2],
      ['a', '2026-05-02', 3],
    ],
    ask: [
      ['a', '2026-05-01T10:00:00.001Z'],
      ['a', '2026-05-01T05:00:00.001001-05:00'],
      ['a', '2026-05-01T23:59:59.9'],
      ['a', '2026-05-02'],
    ],
    expected: [1, 2, 2, 3],
  },
  'the hours of a night when clocks change apart': {
    rows: [
      ['a', '2026-10-25T02:30:00+02:00', 1],
      ['a', '2026-10-25T02:30:00+01:00', 2],
      ['a', '2026-03-29T03:00:00+02:00', 0],
    ],
    ttl: 86_400,
    ask: [
      ['a', '2026-10-25T02:59:00+02:00'],
      ['a', '2026-10-25T02:29:00+01:00'],
      ['a', '2026-10-25T02:31:00+01:00'],
      ['a', '2026-03-29T01:00:00Z'],
      ['a', '2026-10-26T01:30:00Z'],
    ],
    expected: [1, 1, 2, 0, 2],
  },
};

const view = viewOf('upload');

describe('what is answered', () => {
  for (const [
    title,
    { rows, ask, source = 'column', ttl, asOf = '2030-01-01T00:00:00Z', expected },
  ] of Object.entries(cases))
    it(`is ${title}`, () =>
      withRides(async (database, path) => {
        await writeRides(database, rows, path);
        const counts = await retrieveFeatures(database, {
          entityRows: askedRides(ask.map(([driver, at]) => `(${quoted(driver)}, 1, '${time(at)}')`)),
          views: [
            {
              pinned: pinnedRides('v', ttl === undefined ? {} : { ttlSeconds: ttl }),
              definition: { ...view, source: sourceOf(source) },
              files: [{ path, format: 'parquet' }],
            },
          ],
          asOf,
          into: 'answers',
        });
        const answers = await database.rows<{ status: string; x: bigint | null }>(
          'SELECT __v_status AS status, x FROM answers ORDER BY "row"',
        );
        expect(
          answers
            .map(({ status, x }) => (status === 'PRESENT' ? x && Number(x) : x === null ? status : x))
            .map((x) => (x === 0n ? 0 : x)),
        ).toEqual(expected);
        expect(counts).toEqual([
          {
            feature: 'x',
            present: expected.filter((value) => typeof value !== 'string').length,
            nulls: expected.filter((value) => value === null).length,
            expired: expected.filter((value) => value === 'EXPIRED').length,
            notFound: expected.filter((value) => value === 'NOT_FOUND').length,
          },
        ]);
      }));
});
