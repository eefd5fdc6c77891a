import { fileURLToPath } from 'node:url';
import { App } from 'aws-cdk-lib';
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
const root = fileURLToPath(new URL('..', import.meta.url));
const newApp = () =>
  new App({
    context: contextOfCdkJson(),
    outdir: process.env['CDK_OUTDIR'] ?? 'cdk.out',
    analyticsReporting: false,
  });

const app = newApp();
const config = readStageConfig(app.node);
// A first pass finds out which handlers the stacks need, so that one call of esbuild bundles exactly these.
const recorded = new RecordingCodeSource();
composeStage(newApp(), config, recorded, serviceStacks);
const code = await bundledCodeSource(root, recorded, config.architecture);
composeStage(app, config, code, serviceStacks);
const { stacks } = app.synth();

const violations = lawViolations(resourcesOf(config.stage, stacks));
if (violations.length > 0) {
  console.error(`The templates break laws of the platform:\n  ${violations.join('\n  ')}`);
  process.exitCode = 1;
}
