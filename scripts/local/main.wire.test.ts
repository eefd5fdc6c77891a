import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freePort } from './host/free-port.ts';

let root: string;
let blocker: Server;
let takenPort: number;

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-main-'));
  blocker = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => blocker.once('listening', resolve));
  takenPort = (blocker.address() as { port: number }).port;
});
afterAll(() => {
  blocker.close();
  rmSync(root, { recursive: true, force: true });
});

/** Runs `npm start -- <flags>` to its end. */
function run(
  flags: readonly string[],
  env: Record<string, string> = {},
  watch: (child: ChildProcess, stdout: string) => void = () => undefined,
) {
  const main = path.join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, ...flags], { env: { ...process.env, NO_COLOR: '1', ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    watch(child, stdout);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

describe('npm start', () => {
  it('explains its flags', async () => {
    const { code, stdout } = await run(['--help']);
    expect([code, stdout]).toEqual([0, expect.stringContaining('--aws-port PORT')]);
  });

  it.each([
    [
      'an unknown flag',
      () => ['--prot', '1'],
      "Unknown option '--prot'. `npm start -- --help` lists the flags.",
    ],
    ['a port that is none', () => ['--port', 'x'], '--port x is no port. Give a number from 1 to 65535.'],
    [
      'a port in use',
      () => ['--data', path.join(root, 'data'), '--port', String(takenPort)],
      'in use by another program. Stop it, or choose another with --port PORT.',
    ],
    [
      'a folder that holds something else',
      () => ['--data', path.join(import.meta.dirname, 'iam')],
      'is no Millrace data folder. Choose another with --data DIR.',
    ],
  ])('refuses %s in one line, with the cure and exit code 1', async (_what, flags, message) => {
    const { code, stderr } = await run(flags());
    expect(code).toBe(1);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });

  it('synthesizes, says that it is ready, and stops cleanly at Ctrl-C', async () => {
    const dataDir = path.join(root, 'whole');
    const flags = [
      '--data',
      dataDir,
      '--port',
      String(await freePort()),
      '--aws-port',
      String(await freePort()),
    ];
    const { code, stdout, stderr } = await run([...flags, '--no-example'], {}, (child, output) => {
      if (/is ready/.test(output) && !/Stopping/.test(output)) child.kill('SIGINT');
    });
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/^Millrace is ready/m);
    expect(existsSync(path.join(dataDir, 'runtime.lock'))).toBe(false);
  });

  it('refuses faults that are no plan', async () => {
    const { code, stderr } = await run(['--data', path.join(root, 'data')], { MILLRACE_FAULTS: '{"bus":1}' });
    expect([code, stderr]).toEqual([1, expect.stringContaining('MILLRACE_FAULTS is not a fault plan')]);
  });
});
