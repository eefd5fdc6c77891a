import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runWell } from './program.ts';

const rootDir = path.resolve(import.meta.dirname, '../../..');

/** The account and region that the CDK command line tells the app when credentials are there; without them templates fit any. */
export interface Environment {
  readonly account: string;
  readonly region: string;
}

/** The templates of a stage, in a folder of their own, which the caller removes. */
export interface SynthesizedStage {
  readonly stage: string;
  readonly folder: string;
  readonly templateFiles: readonly string[];
}

/** A template as far as checks look into it. */
export interface CloudFormationTemplate {
  Resources: Record<
    string,
    { Type: string; Properties: Record<string, unknown>; DependsOn?: readonly string[] }
  >;
  readonly Outputs?: Record<string, { Value: unknown; Export?: { Name: unknown } }>;
}

/**
 * Synthesizes a stage as `cdk synth` does: the app in a process of its own, functions bundled, CDK's own validation on. Only the copying of
 * bundles into the assembly is left out, which changes nothing in the templates.
 */
export async function synthesizeStage(stage: string, environment?: Environment): Promise<SynthesizedStage> {
  const folder = mkdtempSync(path.join(tmpdir(), `millrace-${stage}-`));
  const { CDK_VALIDATION: _, CDK_DEFAULT_ACCOUNT: _a, CDK_DEFAULT_REGION: _r, ...inherited } = process.env;
  await runWell(process.execPath, ['infra/app.ts'], {
    cwd: rootDir,
    env: {
      ...inherited,
      CDK_OUTDIR: folder,
      CDK_CONTEXT_JSON: JSON.stringify({ stage, 'aws:cdk:disable-asset-staging': true }),
      ...(environment && {
        CDK_DEFAULT_ACCOUNT: environment.account,
        CDK_DEFAULT_REGION: environment.region,
      }),
    },
  });
  const templateFiles = readdirSync(folder)
    .filter((name) => name.endsWith('.template.json'))
    .map((name) => path.join(folder, name));
  return { stage, folder, templateFiles };
}

export function readTemplate(file: string): CloudFormationTemplate {
  return JSON.parse(readFileSync(file, 'utf8')) as CloudFormationTemplate;
}
