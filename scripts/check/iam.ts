import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import * as z from 'zod';
import { type Finding, findPermissionGaps, permissionInputs } from './permission-gaps.ts';

const usage = `Compares what roles may do with what they did in runs of the laptop runtime.

Usage: npm run check:iam -- [--data DIR]... [--json] [--help]

  --data DIR   data folder of a run, or a folder of such folders; all are taken together   (.millrace)
  --json       findings as JSON

Run the demo and the tests first, with MILLRACE_KEEP_DECISIONS=DIR for the tests, which keep what was decided there. Exit code 1 when a role has permissions that no run used, or lacked one that it asked for,
unless scripts/check/iam-exceptions.json justifies it.
`;

const exceptionsFile = path.join(import.meta.dirname, 'iam-exceptions.json');

/** Prints the findings and returns the exit code. */
function main(): number {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', multiple: true, default: ['.millrace'] },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const exceptions = permissionInputs.exceptions.parse(JSON.parse(readFileSync(exceptionsFile, 'utf8')));
  const runs = values.data.flatMap(runFolders).map(readRun);
  const findings = findPermissionGaps(runs, exceptions);
  if (values.json) process.stdout.write(`${JSON.stringify(findings, undefined, 2)}\n`);
  else print(findings);
  return findings.some((finding) => finding.justification === undefined) ? 1 : 0;
}

/** The folders of decisions in a data folder, or in each of the data folders that lie in it. */
function runFolders(dir: string): string[] {
  const own = path.resolve(dir, 'iam');
  if (existsSync(own) || !existsSync(dir)) return [own];
  const inner = readdirSync(dir)
    .map((name) => path.resolve(dir, name, 'iam'))
    .filter((folder) => existsSync(folder));
  return inner.length > 0 ? inner : [own];
}

function readRun(folder: string) {
  const rolesFile = path.join(folder, 'roles.json');
  if (!existsSync(rolesFile)) {
    throw new Error(
      `${rolesFile} does not exist. Run the platform with this data folder first (npm run demo).`,
    );
  }
  const decisionsFile = path.join(folder, 'decisions.jsonl');
  const lines = existsSync(decisionsFile) ? readFileSync(decisionsFile, 'utf8').trim() : '';
  return {
    roles: permissionInputs.roles.parse(JSON.parse(readFileSync(rolesFile, 'utf8'))),
    decisions: z
      .array(permissionInputs.decision)
      .parse(lines === '' ? [] : lines.split('\n').map((line) => JSON.parse(line))),
  };
}

function print(findings: readonly Finding[]): void {
  const open = findings.filter((finding) => finding.justification === undefined);
  for (const role of new Set(open.map((finding) => finding.role))) {
    process.stdout.write(`${role}\n`);
    for (const finding of open.filter((one) => one.role === role)) {
      const where = finding.kind === 'unused' ? `in ${finding.statement}` : `on ${finding.resource}`;
      process.stdout.write(`  ${finding.kind.padEnd(8)} ${finding.action} ${where}\n`);
    }
  }
  const justified = findings.length - open.length;
  process.stdout.write(
    `${open.length} findings, ${justified} justified in ${path.basename(exceptionsFile)}\n`,
  );
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
