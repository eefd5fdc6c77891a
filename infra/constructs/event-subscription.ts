import { Duration } from 'aws-cdk-lib';
import {
  type CfnRule,
  EventBus,
  type EventPattern,
  Match,
  Rule,
  type RuleProps,
} from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Construct } from 'constructs';
import type { EventDefinition } from '#shared/contracts/event.ts';
import { functionName } from '#shared/kernel/names.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** As long and as often as EventBridge tries at all. */
const delivery = { maxEventAge: Duration.hours(24), retryAttempts: 185 };

/** Hands facts on the bus to a function, by the definitions that its handler parses them with. */
export class EventSubscription extends Construct {
  constructor(
    stack: ServiceStack,
    events: EventDefinition | readonly EventDefinition[],
    target: ServiceFunction,
  ) {
    super(target, 'EventSubscription');
    const definitions: readonly EventDefinition[] = 'pattern' in events ? [events] : events;
    if (definitions.length === 0)
      throw new Error(`${target.node.path} subscribes to no event: name at least one.`);
    const rule = ruleOnBus(this, stack, target, {
      source: [...new Set(definitions.map(({ source }) => source))],
      detailType: definitions.map(({ detailType }) => detailType),
    });
    const patterns = patternsBySource(definitions);
    // Several sources: each with its own detail types, which the two lists of a plain pattern would mix.
    if (patterns.length > 1) (rule.node.defaultChild as CfnRule).eventPattern = { $or: patterns };
  }
}

/** Hands every fact of every service to a function. */
export class EverythingSubscription extends Construct {
  constructor(stack: ServiceStack, target: ServiceFunction) {
    super(target, 'EverythingSubscription');
    ruleOnBus(this, stack, target, { source: Match.prefix('millrace.') });
  }
}

/** Hands events of AWS services, on the default bus, to a function of the service that owns what they are about. */
export class AwsEventSubscription extends Construct {
  constructor(
    stack: ServiceStack,
    pattern: { source: `aws.${string}`; detailType: string; detail?: Record<string, unknown> },
    target: ServiceFunction,
  ) {
    super(target, `On${pattern.detailType.replaceAll(/[^A-Za-z]/g, '')}`);
    subscribe(this, stack, target, {
      eventPattern: {
        source: [pattern.source],
        detailType: [pattern.detailType],
        ...(pattern.detail ? { detail: pattern.detail } : {}),
      },
    });
  }
}

function ruleOnBus(
  scope: Construct,
  stack: ServiceStack,
  target: ServiceFunction,
  eventPattern: EventPattern,
): Rule {
  const { busName } = stack.platform;
  return subscribe(scope, stack, target, {
    eventPattern,
    eventBus: EventBus.fromEventBusName(scope, 'Bus', busName),
    ruleName: functionName(stack.platform.stage, stack.service, target.handler),
  });
}

function subscribe(scope: Construct, stack: ServiceStack, target: ServiceFunction, props: RuleProps): Rule {
  target.deadLetterAsynchronousFailures();
  const rule = new Rule(scope, 'Rule', {
    description: `For ${target.handler} of ${stack.service}`,
    ...props,
  });
  rule.addTarget(new LambdaFunction(target.function, { ...delivery, deadLetterQueue: stack.deadLetters }));
  return rule;
}

function patternsBySource(definitions: readonly EventDefinition[]): Record<string, readonly string[]>[] {
  const bySource = Map.groupBy(definitions, ({ source }) => source);
  return [...bySource].map(([source, own]) => ({
    source: [source],
    'detail-type': own.map(({ detailType }) => detailType),
  }));
}
