import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Runtime, startRuntime } from '../../../scripts/local/runtime.ts';
import { type TestStack, writeAssembly } from '../../../scripts/local/testing/write-assembly.ts';

/** The laptop runtime on a small template, behind its real gateway: signatures and IAM are checked. */
export interface Laptop {
  readonly runtime: Runtime;
  /** Configuration of an SDK client that acts as the person at the keyboard. */
  readonly config: ClientConfig;
  stop(): Promise<void>;
}

/** What an SDK client needs to reach an implementation. */
export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

/** Starts the runtime on a stack, in a folder of its own that is dropped at stop. `write` may put assets into the assembly. */
export async function startLaptop(
  stack: TestStack = { template: { Resources: {} } },
  write: (assemblyDir: string) => Promise<void> = async () => undefined,
): Promise<Laptop> {
  const dir = mkdtempSync(path.join(tmpdir(), 'millrace-wire-'));
  const assemblyDir = path.join(dir, 'cdk.out');
  writeAssembly(assemblyDir, { Wire: stack });
  await write(assemblyDir);
  const runtime = await startRuntime({
    assemblyDir,
    dataDir: path.join(dir, 'data'),
    awsPort: 0,
    platformPort: 0,
  });
  const { awsUrl: endpoint, region, credentials } = runtime.endpoints;
  return {
    runtime,
    config: { endpoint, region, credentials, maxAttempts: 1 },
    stop: async () => {
      await runtime.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
