import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const rootDir = path.resolve(import.meta.dirname, '../..');
const keptErrorLines = 25;

/** Synthesizes a stage into a temporary folder, hands it to `read`, and removes it. Throws with the app's own error output. */
export function withAssemblyOf<Result>(stage: string, read: (assemblyDir: string) => Result): Result {
  const folder = mkdtempSync(path.join(tmpdir(), 'millrace-cost-'));
  try {
    const { status, stderr } = spawnSync(process.execPath, ['infra/app.ts'], {
      cwd: rootDir,
      encoding: 'utf8',
      env: {
        ...process.env,
        CDK_OUTDIR: folder,
        CDK_CONTEXT_JSON: JSON.stringify({ stage, 'aws:cdk:disable-asset-staging': true }),
        // The tests of infra synthesize with CDK's own validation, which takes half of the time.
        CDK_VALIDATION: 'false',
      },
    });
    if (status !== 0) {
      const tail = stderr.trimEnd().split('\n').slice(-keptErrorLines).join('\n');
      throw new Error(`Synthesizing stage '${stage}' failed:\n${tail}`);
    }
    return read(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
