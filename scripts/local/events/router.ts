import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { assumedRole, type EventEntry, type RuntimeContext } from '../emulated-service.ts';
import { type Delivery, DeliveryQueue } from './delivery.ts';
import { matchesPattern } from './pattern.ts';
import type { Rule, RuleStore, RuleTarget } from './rule-store.ts';
import { callTarget } from './target.ts';
import { targetPayload } from './target-input.ts';

/** An event in the form that targets see. */
export type BusEvent = Readonly<Record<string, unknown>> & { readonly id: string };

/** Where a matched event goes. */
interface RoutedTarget {
  readonly arn: string;
  readonly roleArn?: string | undefined;
  readonly ruleArn: string;
  readonly eventId: string;
}

const DEFAULT_ATTEMPTS = 185;
const DEFAULT_AGE_SECONDS = 86_400;

/** Matches events with the rules of their bus and delivers them to the rules' targets. */
export class Router {
  readonly #context: RuntimeContext;
  readonly #rules: RuleStore;
  readonly #queue: DeliveryQueue<RoutedTarget>;

  constructor(context: RuntimeContext, rules: RuleStore) {
    this.#context = context;
    this.#rules = rules;
    const file = path.join(context.folder('events'), 'deliveries.jsonl');
    this.#queue = new DeliveryQueue(context, 'events', file, {
      send: (delivery) => this.#send(delivery),
      givenUp: ({ target }) => this.#count(target.ruleArn, 'FailedInvocations'),
    });
  }

  load(): void {
    this.#queue.load();
  }
  resume(): void {
    this.#queue.resume();
  }
  stop(): Promise<void> {
    return this.#queue.stop();
  }

  /** Takes an event in: when this returns, its deliveries are on disk. @returns the event's id */
  accept(entry: EventEntry): string {
    const event = this.#toEvent(entry);
    this.#route(this.#rules.busName(entry.busName), event);
    return event.id;
  }

  /** Delivers the event of a scheduled rule to its targets alone. */
  fire(rule: Rule, timeMs: number): void {
    const event = this.#toEvent({
      source: 'aws.events',
      detailType: 'Scheduled Event',
      detail: {},
      resources: [rule.arn],
      timeMs,
    });
    this.#queue.add(this.#deliveriesOf(rule, event));
  }

  #toEvent(entry: EventEntry): BusEvent {
    return {
      version: '0',
      id: randomUUID(),
      'detail-type': entry.detailType,
      source: entry.source,
      account: this.#context.accountId,
      // EventBridge writes whole seconds.
      time: `${new Date(entry.timeMs ?? this.#context.now()).toISOString().slice(0, 19)}Z`,
      region: this.#context.region,
      resources: entry.resources ?? [],
      detail: entry.detail,
    };
  }

  #route(busName: string, event: BusEvent): void {
    const matching = this.#rules
      .rules(busName)
      .filter((rule) => rule.isEnabled && rule.pattern !== undefined && matchesPattern(rule.pattern, event));
    this.#queue.add(matching.flatMap((rule) => this.#deliveriesOf(rule, event)));
  }

  #deliveriesOf(rule: Rule, event: BusEvent): Omit<Delivery<RoutedTarget>, 'id' | 'attempts'>[] {
    const nowMs = this.#context.now();
    this.#count(rule.arn, 'TriggeredRules');
    return rule.targets.flatMap((target) => {
      const delays = this.#context.faults.deliveries('bus', `${event.id}/${rule.name}/${target.Id}`);
      return delays.map((delayMs) => ({
        ...this.#deliveryOf(rule, target, event),
        createdMs: nowMs,
        dueMs: nowMs + delayMs,
      }));
    });
  }

  #deliveryOf(rule: Rule, target: RuleTarget, event: BusEvent) {
    const { MaximumRetryAttempts = DEFAULT_ATTEMPTS, MaximumEventAgeInSeconds = DEFAULT_AGE_SECONDS } =
      target.RetryPolicy ?? {};
    const queueArn = target.DeadLetterConfig?.Arn;
    return {
      target: { arn: target.Arn, roleArn: target.RoleArn, ruleArn: rule.arn, eventId: event.id },
      payload: this.#payloadOf(rule, target, event),
      retryPolicy: {
        maximumRetryAttempts: MaximumRetryAttempts,
        maximumEventAgeSeconds: MaximumEventAgeInSeconds,
      },
      ...(queueArn === undefined
        ? {}
        : {
            deadLetter: {
              queueArn,
              body: JSON.stringify(event),
              attributes: { RULE_ARN: rule.arn, TARGET_ARN: target.Arn },
              principal: { kind: 'service', service: 'events.amazonaws.com', sourceArn: rule.arn } as const,
            },
          }),
    };
  }

  /** Another bus gets the whole event, whatever the target says. */
  #payloadOf(rule: Rule, target: RuleTarget, event: BusEvent): unknown {
    return target.Arn.split(':')[2] === 'events' ? event : targetPayload(target, event, rule.arn);
  }

  #count(ruleArn: string, name: 'TriggeredRules' | 'FailedInvocations'): void {
    const [RuleName = '', EventBusName] = ruleArn.split('/').slice(1).reverse();
    const dimensions = EventBusName === undefined ? { RuleName } : { EventBusName, RuleName };
    this.#context.cloudwatch.putMetricData('AWS/Events', [{ name, value: 1, unit: 'Count', dimensions }]);
  }

  async #send({ id, target, payload }: Delivery<RoutedTarget>): Promise<void> {
    const { arn, roleArn, ruleArn, eventId } = target;
    switch (arn.split(':')[2]) {
      case 'events':
        this.#forward(arn, roleArn, payload as BusEvent);
        return;
      case 'logs':
        this.#context.log('events', `event for ${arn}`, { event: payload });
        return;
      default:
        await callTarget(this.#context, { arn, roleArn }, payload, {
          service: 'events.amazonaws.com',
          sourceArn: ruleArn,
          executionName: `${eventId}_${id}`,
        });
    }
  }

  #forward(busArn: string, roleArn: string | undefined, event: BusEvent): void {
    if (roleArn !== undefined) {
      this.#context.iam.assertAssumable(roleArn, 'events.amazonaws.com');
      const principal = assumedRole(this.#context.accountId, roleArn, event.id);
      this.#context.iam.demand(principal, [{ action: 'events:PutEvents', resource: busArn }]);
    }
    this.#route(this.#rules.bus(busArn).name, event);
  }
}
