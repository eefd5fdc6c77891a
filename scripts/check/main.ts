import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import pc from 'picocolors';

const usage = `npm run check -- [options] [step …]

Checks all that can be checked without a platform. Steps: format, types, types-web, boundaries, dead-code, golden, unit, contract, infra.
Names of steps run only those. Exit code 0 when all pass, 1 otherwise.

  --json   print one JSON document: [{ step, ok, seconds }]
  --help   this text
`;

interface Check {
  readonly step: string;
  readonly command: readonly string[];
}

const vitest = (project: string): Check => ({
  step: project,
  command: ['vitest', 'run', '--project', project],
});

const checks: readonly Check[] = [
  { step: 'format', command: ['biome', 'ci', '--colors=off', '.'] },
  { step: 'types', command: ['tsc', '-p', 'tsconfig.json'] },
  { step: 'types-web', command: ['tsc', '-p', 'services/console/web'] },
  { step: 'boundaries', command: ['depcruise', 'infra', 'services', 'shared', 'events', 'scripts', 'test'] },
  { step: 'dead-code', command: ['knip'] },
  { step: 'golden', command: ['node', 'scripts/generate/main.ts', '--check'] },
  vitest('unit'),
  vitest('contract'),
  vitest('infra'),
];

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
});
const root = fileURLToPath(new URL('../..', import.meta.url));

/** Runs a check, shows what it said only when it failed, and times it. */
function run({ step, command }: Check): { step: string; ok: boolean; seconds: number } {
  const startedMs = performance.now();
  const [program = '', ...args] = command;
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: root,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1' },
    maxBuffer: 64 * 1024 * 1024,
  });
  const result = { step, ok: status === 0, seconds: Math.round((performance.now() - startedMs) / 100) / 10 };
  if (!values.json)
    process.stdout.write(
      `${result.ok ? pc.green('✓') : pc.red('✗')} ${step.padEnd(12)} ${pc.dim(`${result.seconds} s`)}\n`,
    );
  if (!result.ok) process.stderr.write(`${stdout}${stderr}`);
  return result;
}

const unknown = positionals.filter((name) => !checks.some((check) => check.step === name));
if (values.help) {
  process.stdout.write(usage);
} else if (unknown.length > 0) {
  process.stderr.write(
    `There is no step '${unknown[0]}'. Steps are ${checks.map((check) => check.step).join(', ')}.\n`,
  );
  process.exitCode = 2;
} else {
  const results = checks
    .filter((check) => positionals.length === 0 || positionals.includes(check.step))
    .map(run);
  const failed = results.filter((result) => !result.ok);
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
  else process.stdout.write(`${results.length - failed.length} checks passed, ${failed.length} failed\n`);
  process.exitCode = failed.length > 0 ? 1 : 0;
}
