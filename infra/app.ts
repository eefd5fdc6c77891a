import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
import { AppError } from '#shared/kernel/errors.ts';
import { bundledCodeSource } from './code/bundled-code-source.ts';
import { RecordingCodeSource } from './code/code-source.ts';
import { composeStage } from './compose.ts';
import { contextOfCdkJson, readStageConfig } from './config.ts';
import { lawViolations } from './laws/index.ts';
import { resourcesOf } from './laws/resource.ts';
import { serviceStacks } from './stacks/index.ts';

/**
 * Synthesizes one stage into CDK_OUTDIR (cdk.out). The CDK command line runs it, and so can anybody else:
 * `CDK_CONTEXT_JSON='{"stage":"local"}' node infra/app.ts`.
 */
async function synthesize(): Promise<void> {
  const root = fileURLToPath(new URL('..', import.meta.url));
  const app = newApp();
  const config = readStageConfig(app.node);
  // A first pass finds out which handlers the stacks need, so that one call of esbuild bundles exactly these.
  const recorded = new RecordingCodeSource();
  composeStage(newApp(), config, recorded, serviceStacks);
  const code = await bundledCodeSource(root, recorded, config.architecture);
  composeStage(app, config, code, serviceStacks);
  const { stacks } = app.synth();
  const violations = lawViolations(resourcesOf(config, stacks));
  if (violations.length > 0) {
    const list = violations.join('\n  ');
    throw new AppError(
      'precondition_failed',
      'LawBroken',
      `The templates break laws of the platform:\n  ${list}`,
    );
  }
}

const newApp = (): App =>
  new App({
    context: contextOfCdkJson(),
    outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
    // With CDK_OUTDIR set, an app synthesizes itself when the process ends: the app of the first pass would overwrite the real one.
    autoSynth: false,
  });

try {
  await synthesize();
} catch (error) {
  if (!(error instanceof AppError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
