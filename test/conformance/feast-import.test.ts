import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { featureDefinitions } from '#services/projects/contract.ts';
import { checkTitle, part, theValue } from './parts/part.ts';
import { pythonEnvironment } from './parts/python.ts';

/** Feast itself, which writes the registry file that is imported. */
const feast = await part(() => pythonEnvironment('feast', ['feast==0.67.0']));
const fixtures = new URL('../fixtures/feast/', import.meta.url).pathname;
const cli = new URL('../../scripts/cli/main.ts', import.meta.url).pathname;
const folder = mkdtempSync(path.join(tmpdir(), 'millrace-feast-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Imported {
  readonly features: string;
  readonly notes: readonly { readonly subject: string; readonly outcome: string }[];
}

function imported(repository: string): Imported {
  const args = [cli, 'features', 'import-feast', repository, '--json'];
  return JSON.parse(
    execFileSync(process.execPath, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }),
  );
}

describe.skipIf(feast.missing)(checkTitle('Feast’s own registry', feast), () => {
  it('is imported as the registry file among the fixtures is, which a release of Feast wrote', () => {
    const repository = path.join(folder, 'repository');
    execFileSync(theValue(feast).python, [path.join(fixtures, 'make_repository.py'), repository], {
      stdio: 'pipe',
      timeout: 240_000,
    });
    const now = imported(repository);
    expect(Object.keys(featureDefinitions.parse(parse(now.features)).featureViews)).toEqual([
      'driver_hourly_stats',
      'driver_fresh_stats',
      'driver_positions',
    ]);
    expect(now).toEqual(imported(path.join(fixtures, 'repository')));
  });

  it('is written to a file that names what is to be done by hand', () => {
    const file = path.join(folder, 'features.yaml');
    execFileSync(
      process.execPath,
      [cli, 'features', 'import-feast', path.join(fixtures, 'repository'), '--output', file],
      {
        stdio: 'pipe',
      },
    );
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(
      /^# Features of the Feast project 'taxi'\.\n# To do, data source driver_hourly_stats_source/,
    );
    expect(featureDefinitions.safeParse(parse(text)).success).toBe(true);
  });
});
