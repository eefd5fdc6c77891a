import { rmSync } from 'node:fs';
import { App } from 'aws-cdk-lib';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { RecordingCodeSource } from '../../infra/code/code-source.ts';
import { composeStage } from '../../infra/compose.ts';
import { contextOfCdkJson, localStage, readStageConfig } from '../../infra/config.ts';
import { at, listOf, resourcesOf } from '../../infra/laws/resource.ts';
import { type PlatformNames, platformNames } from '../../infra/platform.ts';
import { serviceStacks } from '../../infra/stacks/index.ts';

/** A rule of the synthesized templates: who listens to what. */
export interface Subscription {
  readonly service: string;
  readonly handler: string;
  readonly bus: 'platform' | 'aws';
  /** Detail types; empty where the rule takes everything. */
  readonly detailTypes: readonly string[];
}

const newApp = (): App =>
  new App({
    context: { ...contextOfCdkJson() },
    postCliContext: { stage: localStage },
    analyticsReporting: false,
    autoSynth: false,
  });

/** Names of the stage `local`, as machines and stacks get them. */
export const localNames = (): PlatformNames =>
  platformNames(readStageConfig(newApp().node), new RecordingCodeSource());

/** Every event rule that the stage `local` deploys, from its templates: nothing is bundled. */
export function localSubscriptions(): Subscription[] {
  // What CDK validates here, infra's tests validate too; it takes longer than all the rest.
  process.env['CDK_VALIDATION'] = 'false';
  const app = newApp();
  const config = readStageConfig(app.node);
  composeStage(app, config, new RecordingCodeSource(), serviceStacks);
  const assembly = app.synth();
  const { resources } = resourcesOf(config, assembly.stacks);
  rmSync(assembly.directory, { recursive: true, force: true });
  return resources
    .filter(({ type }) => type === 'AWS::Events::Rule')
    .map(({ properties }) => properties)
    .filter((properties) => properties['EventPattern'] !== undefined)
    .map(subscriptionOf);
}

/** Descriptions of rules say whom they are for (infra/constructs/event-subscription.ts): `For <handler> of <service>`. */
function subscriptionOf(properties: Readonly<Record<string, unknown>>): Subscription {
  const [, handler, service] = /^For (\S+) of (\S+)$/.exec(String(properties['Description'])) ?? [];
  if (!handler || !service)
    throw new Error(
      `A rule for nobody: '${String(properties['Description'])}'. Is ${resourcePrefix(localStage)} deployed by EventSubscription?`,
    );
  const pattern = properties['EventPattern'];
  const alternatives = listOf(at(pattern, '$or') ?? pattern);
  return {
    service,
    handler,
    bus: properties['EventBusName'] === undefined ? 'aws' : 'platform',
    detailTypes: alternatives.flatMap((part) => listOf(at(part, 'detail-type'))).map(String),
  };
}
