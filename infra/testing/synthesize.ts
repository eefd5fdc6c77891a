import { App } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { RecordingCodeSource } from '../code/code-source.ts';
import { composeStage } from '../compose.ts';
import { contextOfCdkJson, readStageConfig } from '../config.ts';
import type { ServiceStackClass } from '../stacks/index.ts';

/** All stacks of a stage, with these services, bundling nothing. */
export function composeForTest(stage: string, services: readonly ServiceStackClass[]): App {
  const app = new App({ context: contextOfCdkJson(), postCliContext: { stage }, analyticsReporting: false });
  composeStage(app, readStageConfig(app.node), new RecordingCodeSource(), services);
  return app;
}

/** Templates by the last part of the stack's name, e.g. `storage`. */
export function synthesize(
  stage: string,
  services: readonly ServiceStackClass[],
): ReadonlyMap<string, Template> {
  const assembly = composeForTest(stage, services).synth();
  return new Map(
    assembly.stacks.map((stack) => [
      stack.stackName.replace(`Millrace-${stage}-`, ''),
      Template.fromJSON(stack.template),
    ]),
  );
}
