import { randomUUID } from 'node:crypto';
import {
  EventBridgeClient,
  ListRulesCommand,
  ListTargetsByRuleCommand,
  type Rule,
  TestEventPatternCommand,
} from '@aws-sdk/client-eventbridge';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import type { EventEntry, EventsApi } from '../emulated-service.ts';

/**
 * Events in the name of an AWS service. PutEvents takes none whose source begins with `aws.`, so this does by other calls what
 * EventBridge does itself: it asks the emulator which rules of the default bus match, and calls their functions asynchronously.
 */
export function createServiceEvents(
  config: { readonly endpoint: string; readonly region: string },
  accountId: string,
): { api: EventsApi; close(): void } {
  const bus = new EventBridgeClient(config);
  const lambda = new LambdaClient(config);
  const deliver = async (entry: EventEntry) => {
    const event = JSON.stringify(envelope(entry, config.region, accountId));
    for (const { Name } of await rulesThatMatch(bus, event)) {
      const { Targets = [] } = await bus.send(new ListTargetsByRuleCommand({ Rule: Name }));
      for (const { Arn = '' } of Targets) {
        if (!Arn.includes(':function:')) throw new Error(`${Arn}, a target of ${Name}, is no function.`);
        await lambda.send(
          new InvokeCommand({ FunctionName: Arn, InvocationType: 'Event', Payload: Buffer.from(event) }),
        );
      }
    }
  };
  return {
    api: {
      publish: async (entries) => {
        for (const entry of entries) await deliver(entry);
      },
    },
    close() {
      bus.destroy();
      lambda.destroy();
    },
  };
}

/** The event as rules and targets see it. */
const envelope = (entry: EventEntry, region: string, account: string) => ({
  version: '0',
  id: randomUUID(),
  'detail-type': entry.detailType,
  source: entry.source,
  account,
  // EventBridge gives whole seconds.
  time: new Date(entry.timeMs ?? Date.now()).toISOString().replace(/\.\d+/, ''),
  region,
  resources: entry.resources ?? [],
  detail: entry.detail,
});

async function rulesThatMatch(bus: EventBridgeClient, event: string): Promise<Rule[]> {
  const matching: Rule[] = [];
  let NextToken: string | undefined;
  do {
    const page = await bus.send(new ListRulesCommand({ NextToken }));
    for (const rule of page.Rules ?? []) {
      if (rule.State !== 'ENABLED' || !rule.EventPattern) continue;
      const question = new TestEventPatternCommand({ EventPattern: rule.EventPattern, Event: event });
      if ((await bus.send(question)).Result) matching.push(rule);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return matching;
}
