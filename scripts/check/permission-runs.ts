import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { type Exception, permissionInputs, type Run } from './permission-gaps.ts';

const exceptionsFile = path.join(import.meta.dirname, 'iam-exceptions.json');

/** The findings that are right as they are, each with its reason. */
export const readExceptions = (): readonly Exception[] =>
  permissionInputs.exceptions.parse(JSON.parse(readFileSync(exceptionsFile, 'utf8')));

/** Whether a data folder, or what was kept of it, says what roles may do and did. */
export const hasDecisions = (dir: string): boolean => existsSync(path.join(dir, 'iam', 'roles.json'));

/** What roles may do and did in a run, from its data folder or from what was kept of it. Throws where nothing is there. */
export function readRun(dir: string): Run {
  const rolesFile = path.resolve(dir, 'iam', 'roles.json');
  if (!hasDecisions(dir)) {
    throw new Error(
      `${rolesFile} does not exist. Run the platform with this data folder first (npm run demo).`,
    );
  }
  const decisionsFile = path.join(dir, 'iam', 'decisions.jsonl');
  const lines = existsSync(decisionsFile) ? readFileSync(decisionsFile, 'utf8').trim() : '';
  return {
    roles: permissionInputs.roles.parse(JSON.parse(readFileSync(rolesFile, 'utf8'))),
    decisions: z
      .array(permissionInputs.decision)
      .parse(lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line))),
  };
}
