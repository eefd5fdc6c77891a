import { randomUUID } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';

/**
 * Keeps what roles were allowed and denied in a data folder that is about to be removed, below the folder that MILLRACE_KEEP_DECISIONS
 * names; without it, nothing is kept. `npm run check:iam -- --data <that folder>` takes all runs together.
 */
export function keepDecisions(dataDir: string): void {
  const folder = process.env['MILLRACE_KEEP_DECISIONS'];
  if (!folder) return;
  const target = path.join(folder, randomUUID(), 'iam');
  mkdirSync(target, { recursive: true });
  for (const name of ['roles.json', 'decisions.jsonl']) {
    const file = path.join(dataDir, 'iam', name);
    if (existsSync(file)) copyFileSync(file, path.join(target, name));
  }
}
