import { parseArgs } from 'node:util';
import { keepRunsVariable } from './kept-runs.ts';
import { type Exception, type Finding, findPermissionGaps, staleExceptions } from './permission-gaps.ts';
import { readExceptions, readRun, runFolders } from './permission-runs.ts';

const usage = `Compares what roles may do with what they did in runs of the laptop runtime.

Usage: npm run check:iam -- [--data DIR]... [--json] [--help]

  --data DIR   data folder of a run, or a folder of such folders; all are taken together   (.millrace)
  --json       findings as JSON

Run the demo and the tests first, with ${keepRunsVariable}=DIR, which keeps what was decided there; then DIR is what --data takes. Exit code 1
when a role has permissions that no run used, or lacked one that it asked for, unless scripts/check/iam-exceptions.json
justifies it; and when an exception is there that no finding needs.
`;

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
  const exceptions = readExceptions();
  const findings = findPermissionGaps(values.data.flatMap(runFolders).map(readRun), exceptions);
  const stale = staleExceptions(findings, exceptions);
  if (values.json) process.stdout.write(`${JSON.stringify({ findings, stale }, undefined, 2)}\n`);
  else print(findings, stale);
  return stale.length > 0 || findings.some((finding) => finding.justification === undefined) ? 1 : 0;
}

function print(findings: readonly Finding[], stale: readonly Exception[]): void {
  const open = findings.filter((finding) => finding.justification === undefined);
  for (const role of new Set(open.map((finding) => finding.role))) {
    process.stdout.write(`${role}\n`);
    for (const finding of open.filter((one) => one.role === role)) {
      const where = [
        finding.resource && `on ${finding.resource}`,
        finding.statement && `in ${finding.statement}`,
      ];
      process.stdout.write(
        `  ${[finding.kind.padEnd(8), finding.action, ...where].filter(Boolean).join(' ')}\n`,
      );
    }
  }
  for (const { kind, role, action } of stale)
    process.stdout.write(`stale exception: ${kind} ${action} of ${role}\n`);
  const justified = findings.length - open.length;
  process.stdout.write(`${open.length} findings, ${justified} justified, ${stale.length} stale exceptions\n`);
}

try {
  process.exitCode = main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
