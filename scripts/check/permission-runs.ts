import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { keptRuns } from './kept-runs.ts';
import { type Exception, permissionInputs, type Run } from './permission-gaps.ts';

const exceptionsFile = path.join(import.meta.dirname, 'iam-exceptions.json');

/** The findings that are right as they are, each with its reason. */
export const readExceptions = (): readonly Exception[] =>
  permissionInputs.exceptions.parse(JSON.parse(readFileSync(exceptionsFile, 'utf8')));

const hasDecisions = (dir: string): boolean => existsSync(path.join(dir, 'iam', 'roles.json'));

/** The data folder itself, the runs of our templates that were kept below it, or the data folders that lie in it. */
export function runFolders(dir: string): readonly string[] {
  if (hasDecisions(dir) || !existsSync(dir)) return [dir];
  const kept = keptRuns(dir).filter(({ templates }) => templates === 'local');
  if (kept.length > 0) return kept.map((run) => run.dir);
  const inner = readdirSync(dir)
    .map((name) => path.join(dir, name))
    .filter(hasDecisions);
  return inner.length > 0 ? inner : [dir];
}

/** What roles may do and did in a run, from its data folder or from what was kept of it. Throws where nothing is there. */
export function readRun(dir: string): Run {
  const rolesFile = path.resolve(dir, 'iam', 'roles.json');
  if (!hasDecisions(dir)) {
    throw new Error(
      `${rolesFile} does not exist. Run the platform with this data folder first (npm run demo).`,
    );
  }
  const decisionsFile = path.join(dir, 'iam', 'decisions.jsonl');
  const lines = existsSync(decisionsFile) ? readWithoutTimes(decisionsFile).trim() : '';
  const roles = permissionInputs.roles.parse(JSON.parse(readWithoutTimes(rolesFile)));
  return {
    roles: roles.sort((a, b) => a.role.localeCompare(b.role)),
    decisions: z
      .array(permissionInputs.decision)
      .parse(lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line))),
  };
}

/** A stream's ARN ends with the time of its making, which differs from run to run. */
const readWithoutTimes = (file: string): string =>
  readFileSync(file, 'utf8').replaceAll(/\/stream\/\d{4}-[\d-]+T[\d:.]+/g, '/stream/*');
