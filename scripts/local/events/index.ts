import path from 'node:path';
import {
  AwsError,
  type AwsRequest,
  type EmulatedService,
  type EventsApi,
  type RuntimeContext,
} from '../emulated-service.ts';
import { deprovisionEvents, provisionEvents } from './provision.ts';
import { putEvents, putEventsPermissions } from './put-events.ts';
import { Router } from './router.ts';
import { ruleOperations } from './rule-operations.ts';
import { RuleStore } from './rule-store.ts';
import { RuleTicker } from './ticker.ts';

/**
 * EventBridge: buses and rules with event patterns or schedules. An event that was accepted reaches each target of each rule that it
 * matches at least once, over restarts too, or its dead-letter queue when the target refuses it for good.
 */
export function createEvents(context: RuntimeContext): EmulatedService & EventsApi {
  const prefix = `arn:aws:events:${context.region}:${context.accountId}`;
  const rules = new RuleStore(path.join(context.folder('events'), 'rules.json'), prefix);
  const router = new Router(context, rules);
  const ticker = new RuleTicker(context, rules, router);

  return {
    name: 'events',
    signingNames: ['events'],
    resourceTypes: [
      'AWS::Events::EventBus',
      'AWS::Events::Rule',
      'AWS::Events::EventBusPolicy',
      'AWS::Events::Archive',
      'AWS::EventSchemas::Discoverer',
      'AWS::EventSchemas::Registry',
      'AWS::EventSchemas::Schema',
    ],
    async start() {
      rules.load(context.now());
      router.load();
    },
    async resume() {
      router.resume();
      ticker.resume();
    },
    async stop() {
      ticker.stop();
      await router.stop();
    },
    async provision(resource) {
      const provisioned = provisionEvents(resource, rules, context.now());
      ticker.rearm(provisioned.attributes['Arn'] ?? '');
      return provisioned;
    },
    async deprovision(resource) {
      deprovisionEvents(resource, rules);
      ticker.rearm(resource.previous?.attributes['Arn'] ?? '');
    },
    async authorize(request) {
      const name = operationName(request);
      const body = await readBody(request);
      if (name === 'PutEvents') return putEventsPermissions(body, rules);
      return [{ action: `events:${name}`, resource: ruleOperation(name).resource(body, rules) }];
    },
    async handle(request) {
      const name = operationName(request);
      const body = await readBody(request);
      if (name === 'PutEvents') return answer(putEvents(body, router, rules));
      const operation = ruleOperation(name);
      const output = operation.handle(body, rules, context.now());
      ticker.rearm(operation.resource(body, rules));
      return answer(output);
    },
    async publish(entries) {
      for (const entry of entries) router.accept(entry);
    },
  };
}

function operationName(request: AwsRequest): string {
  return request.headers['x-amz-target']?.split('.').at(-1) ?? '';
}

function ruleOperation(name: string) {
  const operation = Object.hasOwn(ruleOperations, name) ? ruleOperations[name] : undefined;
  if (operation !== undefined) return operation;
  const known = ['PutEvents', ...Object.keys(ruleOperations)].sort().join(', ');
  throw new AwsError(
    'NotImplemented',
    `EventBridge ${name || 'request without X-Amz-Target'} is not imitated by the laptop runtime; it knows ${known}`,
    501,
  );
}

async function readBody(request: AwsRequest): Promise<unknown> {
  const text = (await request.bytes()).toString();
  try {
    return JSON.parse(text === '' ? '{}' : text) as unknown;
  } catch {
    throw new AwsError('SerializationException', 'The body of the request is not valid JSON');
  }
}

function answer(output: Record<string, unknown>) {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(output),
  };
}
