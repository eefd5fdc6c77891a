import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { synthesize } from './synthesize.ts';

/** Stands for the CDK app: writes what it was told into the assembly. */
const appSource = `
import { mkdirSync, writeFileSync } from 'node:fs';
const { CDK_OUTDIR, CDK_CONTEXT_JSON } = process.env;
mkdirSync(CDK_OUTDIR, { recursive: true });
writeFileSync(CDK_OUTDIR + '/manifest.json', CDK_CONTEXT_JSON);
`;

let root: string;
let dataDir: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'millrace-synth-'));
  dataDir = path.join(root, '.millrace');
  for (const folder of ['infra', 'services', '.millrace']) mkdirSync(path.join(root, folder));
  writeFileSync(path.join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(path.join(root, 'infra', 'app.ts'), appSource);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const run = () => synthesize(root, dataDir, new AbortController().signal);

describe('synthesize', () => {
  it('runs the app for stage local into the data folder', async () => {
    const { assemblyDir, isNew } = await run();
    expect(isNew).toBe(true);
    expect(JSON.parse(readFileSync(path.join(assemblyDir, 'manifest.json'), 'utf8'))).toMatchObject({
      stage: 'local',
    });
  });

  it('runs it again only when something that goes into the templates has changed', async () => {
    await run();
    expect((await run()).isNew).toBe(false);
    writeFileSync(path.join(root, 'services', 'x.test.ts'), 'a test');
    expect((await run()).isNew).toBe(false);
    writeFileSync(path.join(root, 'services', 'x.ts'), 'a source');
    expect((await run()).isNew).toBe(true);
  });

  it('runs it again when code that the assembly names was cleared away', async () => {
    const { assemblyDir } = await run();
    const asset = path.join(root, '.cache', 'bundle');
    mkdirSync(asset, { recursive: true });
    const file = { source: { path: asset }, destinations: { here: { objectKey: 'bundle.zip' } } };
    writeFileSync(path.join(assemblyDir, 'Stack.assets.json'), JSON.stringify({ files: { bundle: file } }));
    expect((await run()).isNew).toBe(false);
    rmSync(asset, { recursive: true });
    expect((await run()).isNew).toBe(true);
  });

  it('shows what the app said when it fails, and does not take the rest of its output for an assembly', async () => {
    await run();
    writeFileSync(
      path.join(root, 'infra', 'app.ts'),
      `console.error('stack is wrong'); process.exitCode = 1;`,
    );
    await expect(run()).rejects.toThrow(/Synthesizing the app failed.*\nstack is wrong/);
    await expect(run()).rejects.toThrow('stack is wrong');
  });

  it('stops when it is told to', async () => {
    const controller = new AbortController();
    writeFileSync(path.join(root, 'infra', 'app.ts'), 'setInterval(() => {}, 1000);');
    const running = synthesize(root, dataDir, controller.signal);
    controller.abort();
    await expect(running).rejects.toThrow('aborted');
  });
});
