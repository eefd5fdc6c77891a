import { randomUUID } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** What names the folder below which runs of the laptop runtime are kept for the checks; without it, nothing is kept. */
export const keepRunsVariable = 'MILLRACE_KEEP_RUNS';

const keptIn = (): string | undefined => process.env[keepRunsVariable] || undefined;
const recordIn = (dataDir: string): string => path.join(dataDir, 'record');

/** Where a run on this data folder is to record its AWS calls; undefined when it will not be kept. */
export const recordDirOf = (dataDir: string): string | undefined =>
  keptIn() === undefined ? undefined : recordIn(dataDir);

/** What a run was of. */
export interface RunLabel {
  /** `demo`, or the test file from the root of the repository. */
  readonly name: string;
  /** `other` are those of another stage or changed on purpose: what their roles may do says nothing about ours. */
  readonly templates: 'local' | 'other';
}

/**
 * Keeps the AWS calls of a run that has ended, and what its roles were allowed and denied, before its data folder is removed: in a folder
 * of their own below the one that MILLRACE_KEEP_RUNS names.
 */
export function keepRun(dataDir: string, label: RunLabel): void {
  const folder = keptIn();
  if (folder === undefined) return;
  const target = path.join(folder, `${label.name.replaceAll(/[^\w.-]/g, '_')}-${randomUUID().slice(0, 8)}`);
  mkdirSync(target, { recursive: true });
  keep(path.join(recordIn(dataDir), 'requests.jsonl'), path.join(target, 'requests.jsonl'));
  for (const file of ['roles.json', 'decisions.jsonl'])
    keep(path.join(dataDir, 'iam', file), path.join(target, 'iam', file));
  writeFileSync(path.join(target, 'run.json'), `${JSON.stringify(label)}\n`);
}

/** A run that was kept: its folder holds `requests.jsonl` and `iam/`. */
export interface KeptRun extends RunLabel {
  readonly dir: string;
}

/** The runs that were kept below a folder; none where there is no such folder. */
export function keptRuns(folder: string): KeptRun[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .map((entry) => path.resolve(folder, entry))
    .filter((dir) => existsSync(path.join(dir, 'run.json')))
    .map((dir) => ({ ...(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8')) as RunLabel), dir }));
}

function keep(from: string, to: string): void {
  if (existsSync(from)) cpSync(from, to);
}
