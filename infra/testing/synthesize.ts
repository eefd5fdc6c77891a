import { App, Aspects } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { RecordingCodeSource } from '../code/code-source.ts';
import { composeStage } from '../compose.ts';
import { contextOfCdkJson, readStageConfig, type StageConfig } from '../config.ts';
import { resourcesOf, type StageTemplates } from '../laws/resource.ts';
import type { ServiceStackClass } from '../stacks/index.ts';

/** Makes what CDK's own validation only warns of an error too; cdk.json makes its errors fail the synthesis. */
const failOnValidationWarnings = { '@aws-cdk/core:strictCfnValidateErrors': true };

/**
 * All stacks of a stage, with these services, bundling nothing; `changes` are to the stage's settings in cdk.json. Its `synth()` throws
 * whatever CDK's own validation finds in the templates.
 */
export function composeForTest(
  stage: string,
  services: readonly ServiceStackClass[],
  changes: Partial<StageConfig> = {},
): App {
  const app = new App({
    context: contextOfCdkJson(),
    postCliContext: { stage, ...failOnValidationWarnings },
    analyticsReporting: false,
  });
  composeStage(app, { ...readStageConfig(app.node), ...changes }, new RecordingCodeSource(), services);
  return app;
}

/** Templates by the last part of the stack's name, e.g. `storage`. */
export function synthesize(
  stage: string,
  services: readonly ServiceStackClass[],
  changes: Partial<StageConfig> = {},
): ReadonlyMap<string, Template> {
  const { stacks } = composeForTest(stage, services, changes).synth();
  return new Map(
    stacks.map(({ stackName, template }) => [
      stackName.replace(`Millrace-${stage}-`, ''),
      Template.fromJSON(template),
    ]),
  );
}

const nagFinding = /AwsSolutions-|CdkNagValidationFailure/;

/** What a stage deploys, and what cdk-nag (AwsSolutions) has against it, as `<construct path>: <finding>`. */
export function inspect(
  stage: string,
  services: readonly ServiceStackClass[],
  changes: Partial<StageConfig> = {},
): StageTemplates & { readonly nagFindings: readonly string[] } {
  const app = composeForTest(stage, services, changes);
  Aspects.of(app).add(new AwsSolutionsChecks());
  const { stacks } = app.synth();
  // Asked of the assembly: Annotations.fromStack synthesizes the whole app anew.
  const nagFindings = stacks.flatMap(({ messages }) =>
    messages
      .filter(({ level, entry }) => level !== 'info' && nagFinding.test(String(entry.data)))
      .map(({ id, entry }) => `${id}: ${String(entry.data)}`),
  );
  return { ...resourcesOf({ ...readStageConfig(app.node), ...changes }, stacks), nagFindings };
}
