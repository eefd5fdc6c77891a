import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { jobEnvironment, runProcessing } from './run-processing.ts';

/**
 * The program of the stage's processing image (scripts/image/Dockerfile). SageMaker lays its container contract out below `/opt/ml`; the
 * laptop runtime starts the same bundle with a folder of its own in SM_LOCAL_ROOT.
 */
const root = process.env['SM_LOCAL_ROOT'] ?? '/opt/ml';
// The first process of a container has no default handling of signals: without this a stop would wait until it is killed.
process.once('SIGTERM', () => process.exit(143));
try {
  await runProcessing(root, jobEnvironment.parse(process.env));
} catch (error) {
  console.error(error);
  // Shown as the job's ExitMessage, of which SageMaker takes the first KB.
  writeFileSync(join(root, 'output', 'message'), error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
