import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { patchAssembly } from './patch-assembly.ts';
import { patches } from './patches.ts';

/**
 * The CDK app as `cdk` runs it where CDK_APP names this program: infra/app.ts with the context that names SageMaker's endpoint, then the
 * patches for the emulator.
 */
const { CDK_OUTDIR = 'cdk.out', CDK_CONTEXT_JSON = '{}', MILLRACE_EMULATOR_URL: url } = process.env;
if (!url) throw new Error('MILLRACE_EMULATOR_URL is not set: the address of the emulator.');
const context = {
  ...(JSON.parse(CDK_CONTEXT_JSON) as object),
  sagemakerEndpoint: process.env['MILLRACE_EMULATOR_SAGEMAKER_URL'],
};
const app = path.resolve(import.meta.dirname, '../../../infra/app.ts');
execFileSync(process.execPath, [app], {
  stdio: 'inherit',
  env: { ...process.env, CDK_CONTEXT_JSON: JSON.stringify(context) },
});
patchAssembly(CDK_OUTDIR, patches, { url });
