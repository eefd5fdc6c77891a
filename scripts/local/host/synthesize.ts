import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readAssetPaths } from '../cloudformation/assembly.ts';
import { StartRefused } from './data-folder.ts';

/** What the templates and bundles are made from; a change in any of it calls for a new synthesis. */
const inputs = ['infra', 'services', 'shared', 'events', 'package-lock.json', 'cdk.json'];
const keptErrorLines = 25;

/** The outcome of `synthesize`. */
export interface Synthesis {
  readonly assemblyDir: string;
  /** False when the assembly of the last start was still right. */
  readonly isNew: boolean;
}

/**
 * Synthesizes the CDK app of `rootDir` for stage `local` into `<dataDir>/cdk.out`, unless it holds the same inputs already.
 * Throws StartRefused with the app's own error output when it fails.
 */
export async function synthesize(rootDir: string, dataDir: string, signal: AbortSignal): Promise<Synthesis> {
  const assemblyDir = path.join(dataDir, 'cdk.out');
  const stampFile = path.join(dataDir, 'synthesized-from.sha256');
  const stamp = hashInputs(rootDir);
  const known = existsSync(stampFile) ? readFileSync(stampFile, 'utf8') : '';
  if (known === stamp && isWhole(assemblyDir)) return { assemblyDir, isNew: false };
  rmSync(stampFile, { force: true });
  rmSync(assemblyDir, { recursive: true, force: true });
  await runApp(rootDir, assemblyDir, signal);
  writeFileSync(stampFile, stamp);
  return { assemblyDir, isNew: true };
}

/** Code stays where the app built it, outside of the assembly, and somebody may have cleared that away. */
function isWhole(assemblyDir: string): boolean {
  if (!existsSync(path.join(assemblyDir, 'manifest.json'))) return false;
  return [...readAssetPaths(assemblyDir).values()].every((asset) => existsSync(asset));
}

/** A digest of names and contents; tests and golden files do not change what is synthesized. */
function hashInputs(rootDir: string): string {
  const hash = createHash('sha256').update(`${process.version} ${process.platform} ${process.arch}\n`);
  for (const file of inputs.flatMap((input) => filesBelow(path.join(rootDir, input)))) {
    hash
      .update(`${path.relative(rootDir, file)}\n`)
      .update(readFileSync(file))
      .update('\n');
  }
  return hash.digest('hex');
}

function filesBelow(entry: string): string[] {
  const found = statSync(entry, { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return [entry];
  return readdirSync(entry, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile())
    .map((file) => path.join(file.parentPath, file.name))
    .filter((file) => !isIrrelevant(file))
    .sort();
}

function isIrrelevant(file: string): boolean {
  return /\.test\.tsx?$|[\\/](golden|node_modules|cdk\.out|dist)[\\/]/.test(file);
}

function runApp(rootDir: string, assemblyDir: string, signal: AbortSignal): Promise<void> {
  const child = spawn(process.execPath, ['infra/app.ts'], {
    cwd: rootDir,
    signal,
    stdio: ['ignore', 'ignore', 'pipe'],
    env: {
      ...process.env,
      CDK_OUTDIR: assemblyDir,
      // Copying hundreds of bundles into the assembly would take longer than all the rest.
      CDK_CONTEXT_JSON: JSON.stringify({ stage: 'local', 'aws:cdk:disable-asset-staging': true }),
      // CDK's own validation takes half of the time; the tests of infra run with it.
      CDK_VALIDATION: 'false',
    },
  });
  let errors = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    errors += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve();
      const tail = errors.trimEnd().split('\n').slice(-keptErrorLines).join('\n');
      reject(new StartRefused(`Synthesizing the app failed; \`npm run synth\` shows it too:\n${tail}`));
    });
  });
}
