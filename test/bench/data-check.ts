import { mkdirSync, rmSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { dataContract } from '#services/projects/contract.ts';
import { checkVersion } from '#services/validation/engine/check-version.ts';
import { judgeVersion } from '#services/validation/engine/judge-version.ts';

/**
 * Checks one file in this process: `node data-check.ts FILE BRANCHES FOLDER judge|whole`; the file’s name begins with the number of its rows. Prints one line of JSON: seconds without
 * the start of the process, processor seconds, greatest resident set in megabytes, rows and rows in quarantine.
 */
const [, , file = '', branches = '', folder = '', mode = 'whole'] = process.argv;
const number = { type: 'number', min: 0, max: 1000 };
const contract = dataContract.parse({
  primaryKey: 'id',
  columns: {
    id: { type: 'string' },
    opened_at: { type: 'timestamp' },
    age: { type: 'integer', min: 0, max: 120 },
    income: { type: 'number', min: 0 },
    country: { type: 'string', allowed: ['DE', 'FR', 'IT', 'ES', 'PL', 'NL'] },
    email: { type: 'string', pattern: '[a-z0-9.]+@[a-z]+[.]org' },
    branch: { type: 'integer' },
    active: { type: 'boolean' },
    plan: { type: 'string', allowed: ['basic', 'plus', 'gold'] },
    ...Object.fromEntries(Array.from({ length: 8 }, (_, k) => [`f${k}`, number])),
    visits: { type: 'integer', min: 0 },
    score: { type: 'integer', min: 0, max: 100 },
    note: { type: 'string', nullable: true, maxLength: 200 },
  },
  rules: [{ check: 'references', columns: ['branch'], to: { project: 'branches', columns: ['id'] } }],
});

rmSync(folder, { recursive: true, force: true });
mkdirSync(folder);
const uriOf = (path: string) => `s3://bench${path}`;
const object = {
  uri: uriOf(file),
  sha256: '0'.repeat(64),
  bytes: statSync(file).size,
  rows: Number.parseInt(basename(file), 10),
  path: 'rows',
};
const reading = file.endsWith('.csv')
  ? ({ format: 'csv', encoding: 'utf-8', delimiter: ',', quote: '"' } as const)
  : ({ format: 'parquet' } as const);
const validated = { uri: uriOf(branches), sha256: '0'.repeat(64), bytes: 1 };
const check = {
  project: 'bench',
  datasetVersion: 1,
  contract,
  columns: Object.keys(contract.columns),
  objects: [{ ...object, availableAt: '2026-01-01T00:00:00.000Z', reading }],
  lookups: { 'branches@newest': { project: 'branches', datasetVersion: 1, rows: 1000, validated } },
  comparisons: {},
  released: [],
};
const place = { pathOf: (uri: string) => uri.slice('s3://bench'.length), folder, memoryMb: 300, threads: 2 };

const startedMs = performance.now();
const cpu = process.cpuUsage();
const outcome =
  mode === 'judge'
    ? await judgeVersion(check, place)
    : await checkVersion(check, { ...place, memoryMb: 512 });
const used = process.cpuUsage(cpu);
process.stdout.write(
  `${JSON.stringify({
    seconds: (performance.now() - startedMs) / 1000,
    cpuSeconds: (used.user + used.system) / 1e6,
    memoryMb: process.resourceUsage().maxRSS / 1024,
    rows: outcome.rows,
    quarantinedRows: outcome.quarantinedRows,
  })}\n`,
);
