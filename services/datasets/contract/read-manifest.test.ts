import { describe, expect, it } from 'vitest';
import { readManifest } from '../contract.ts';

const stored = {
  uri: 's3://data/datasets/wine/objects/abc.csv',
  sha256: 'a'.repeat(64),
  bytes: 10,
  rows: 2,
  availableAt: '2026-01-01T00:00:00.000Z',
};
const columns = [{ name: 'id', type: 'string' as const }];

describe('a stored manifest', () => {
  it.each([
    ['csv', { format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' }],
    ['parquet', { format: 'parquet' }],
  ])('of schema version 1 with format %s is read as it was written for', (format, reading) => {
    const text = JSON.stringify({ schemaVersion: 1, project: 'wine', format, columns, objects: [stored] });
    expect(readManifest(text)).toEqual({
      schemaVersion: 2,
      project: 'wine',
      columns,
      objects: [{ ...stored, reading, path: `${stored.sha256}.${format}` }],
    });
  });

  it('of the newest schema version is read as it is', () => {
    const object = {
      ...stored,
      reading: { format: 'parquet' },
      path: 'dt=1/a.parquet',
      partition: { dt: '1' },
    };
    const manifest = { schemaVersion: 2, project: 'wine', columns, objects: [object] };
    expect(readManifest(JSON.stringify(manifest))).toEqual(manifest);
  });

  it('of an unknown schema version is refused', () => {
    expect(() => readManifest('{"schemaVersion":3}')).toThrow();
  });
});
