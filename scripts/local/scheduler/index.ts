import path from 'node:path';
import * as z from 'zod';
import {
  type EmulatedService,
  type ProvisionedResource,
  type ResourceDeclaration,
  type RuntimeContext,
  UnsupportedResource,
} from '../emulated-service.ts';
import { AlarmClock } from './alarm-clock.ts';
import { readCall } from './operations.ts';
import { readSettings } from './schedule-input.ts';
import { ScheduleStore } from './schedule-store.ts';

const named = z.looseObject({ Name: z.string().optional(), GroupName: z.string().optional() });

/** EventBridge Scheduler: schedules by rate, cron or one time that invoke a function, a state machine or a queue under a role. */
export function createScheduler(context: RuntimeContext): EmulatedService {
  const prefix = `arn:aws:scheduler:${context.region}:${context.accountId}`;
  const store = new ScheduleStore(path.join(context.folder('scheduler'), 'schedules.json'), prefix);
  const clock = new AlarmClock(context, store);

  return {
    name: 'scheduler',
    signingNames: ['scheduler'],
    resourceTypes: ['AWS::Scheduler::Schedule', 'AWS::Scheduler::ScheduleGroup'],
    async start() {
      store.load(context.now());
      clock.load();
    },
    resume: async () => clock.resume(),
    stop: () => clock.stop(),
    async provision(resource) {
      const provisioned = provision(resource, store, context);
      clock.rearm(provisioned.attributes['Arn'] ?? '');
      return provisioned;
    },
    async deprovision({ type, previous }) {
      const arn = previous?.attributes['Arn'];
      if (previous === undefined || arn === undefined) return;
      if (type === 'AWS::Scheduler::ScheduleGroup') {
        for (const removed of store.removeGroup(previous.ref)) clock.rearm(removed);
      } else {
        store.remove(arn);
        clock.rearm(arn);
      }
    },
    async authorize(request) {
      const { operation, call } = await readCall(request);
      return operation.permissions(call, store);
    },
    async handle(request) {
      const { operation, call } = await readCall(request);
      const { body, changed = [] } = operation.handle(call, store, context.now());
      for (const arn of changed) clock.rearm(arn);
      return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    },
  };
}

function provision(
  resource: ResourceDeclaration,
  store: ScheduleStore,
  context: RuntimeContext,
): ProvisionedResource {
  const { Name, GroupName: groupName = 'default' } = named.parse(resource.properties);
  const name = Name ?? `${resource.stackName}-${resource.logicalId}`.slice(0, 64);
  if (resource.type === 'AWS::Scheduler::ScheduleGroup') {
    return { ref: name, attributes: { Arn: store.addGroup(name, context.now()).arn } };
  }
  if (resource.type !== 'AWS::Scheduler::Schedule') {
    throw new UnsupportedResource(resource.type, 'the resource', 'Use a schedule or a schedule group.');
  }
  store.group(groupName);
  const arn = store.arn(groupName, name);
  const provisioned = { ref: name, attributes: { Arn: arn } };
  const declared = JSON.stringify(resource.properties);
  const before = store.find(arn);
  if (before?.declared === declared) return provisioned;
  const settings = readSettings(resource.properties);
  if (settings.flexibleTimeWindow.Mode === 'FLEXIBLE') {
    context.log(
      'scheduler',
      `${name} invokes at the start of its flexible window`,
      settings.flexibleTimeWindow,
    );
  }
  const nowMs = context.now();
  const createdMs = before?.createdMs ?? nowMs;
  store.put({ ...settings, arn, name, groupName, createdMs, modifiedMs: nowMs, declared });
  return provisioned;
}
