import { AwsError, type AwsRequest, type RequiredPermission } from '../emulated-service.ts';
import { readSettings } from './schedule-input.ts';
import type { Schedule, ScheduleGroup, ScheduleStore } from './schedule-store.ts';

/** A request taken apart. */
export interface SchedulerCall {
  /** Name of the schedule or group; empty in lists. */
  readonly name: string;
  readonly groupName: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

/** One operation of the wire API. */
export interface SchedulerOperation {
  readonly action: string;
  permissions(call: SchedulerCall, store: ScheduleStore): RequiredPermission[];
  /** @returns the body of the answer, and the schedules whose times may have changed */
  handle(
    call: SchedulerCall,
    store: ScheduleStore,
    nowMs: number,
  ): { body: unknown; changed?: readonly string[] };
}

const NAME = /^[\w.-]{1,64}$/;
const DEFAULT_RESULTS = 100;

/** Takes a request apart and finds its operation. @throws AwsError NotImplemented */
export async function readCall(
  request: AwsRequest,
): Promise<{ operation: SchedulerOperation; call: SchedulerCall }> {
  const [, collection = '', rawName] = request.rawPath.split('/');
  const key = `${request.method} ${collection}${rawName ? '/' : ''}`;
  const operation = Object.hasOwn(operations, key) ? operations[key] : undefined;
  if (operation === undefined) {
    const known = Object.values(operations).map(({ action }) => action);
    throw new AwsError(
      'NotImplemented',
      `Scheduler ${request.method} ${request.rawPath} is not imitated by the laptop runtime; it knows ${known.join(', ')}`,
      501,
    );
  }
  const text = (await request.bytes()).toString();
  const body = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  const groupName =
    request.query.get('groupName') ?? (typeof body['GroupName'] === 'string' ? body['GroupName'] : 'default');
  const name = decodeURIComponent(rawName ?? '');
  return { operation, call: { name, groupName, query: request.query, body } };
}

const onSchedule = (action: string) => ({
  action,
  permissions: ({ name, groupName }: SchedulerCall, store: ScheduleStore): RequiredPermission[] => [
    { action: `scheduler:${action}`, resource: store.arn(groupName, name) },
  ],
});
const onGroup = (action: string) => ({
  action,
  permissions: ({ name }: SchedulerCall, store: ScheduleStore): RequiredPermission[] => [
    { action: `scheduler:${action}`, resource: store.groupArn(name) },
  ],
});
const onAll = (action: string) => ({
  action,
  permissions: (): RequiredPermission[] => [{ action: `scheduler:${action}`, resource: '*' }],
});

/** Who writes a schedule hands its role to Scheduler. */
const onWrittenSchedule = (action: string) => ({
  action,
  permissions: (call: SchedulerCall, store: ScheduleStore): RequiredPermission[] => [
    ...onSchedule(action).permissions(call, store),
    {
      action: 'iam:PassRole',
      resource: readSettings(call.body).target.RoleArn,
      context: { 'iam:PassedToService': 'scheduler.amazonaws.com' },
    },
  ],
});

const operations: Readonly<Record<string, SchedulerOperation>> = {
  'POST schedules/': {
    ...onWrittenSchedule('CreateSchedule'),
    handle({ name, groupName, body }, store, nowMs) {
      if (!NAME.test(name)) throw new AwsError('ValidationException', `Invalid schedule name: ${name}`);
      store.group(groupName);
      const arn = store.arn(groupName, name);
      if (store.find(arn) !== undefined) {
        throw new AwsError('ConflictException', `Schedule ${name} already exists.`, 409);
      }
      store.put({ ...readSettings(body), arn, name, groupName, createdMs: nowMs, modifiedMs: nowMs });
      return { body: { ScheduleArn: arn }, changed: [arn] };
    },
  },
  'PUT schedules/': {
    ...onWrittenSchedule('UpdateSchedule'),
    handle({ name, groupName, body }, store, nowMs) {
      const { arn, createdMs, declared } = store.schedule(groupName, name);
      store.put({ ...readSettings(body), arn, name, groupName, createdMs, modifiedMs: nowMs, declared });
      return { body: { ScheduleArn: arn }, changed: [arn] };
    },
  },
  'GET schedules/': {
    ...onSchedule('GetSchedule'),
    handle: ({ name, groupName }, store) => ({ body: describe(store.schedule(groupName, name)) }),
  },
  'DELETE schedules/': {
    ...onSchedule('DeleteSchedule'),
    handle({ name, groupName }, store) {
      const { arn } = store.schedule(groupName, name);
      store.remove(arn);
      return { body: {}, changed: [arn] };
    },
  },
  'GET schedules': {
    ...onAll('ListSchedules'),
    handle({ query }, store) {
      const [group, prefix, state] = [
        query.get('ScheduleGroup'),
        query.get('NamePrefix') ?? '',
        query.get('State'),
      ];
      const listed = store
        .schedules()
        .filter(({ groupName, name }) => (group === null || groupName === group) && name.startsWith(prefix))
        .map(summarize)
        .filter(({ State }) => state === null || State === state);
      const { items, NextToken } = page(listed, query);
      return { body: { Schedules: items, NextToken } };
    },
  },
  'POST schedule-groups/': {
    ...onGroup('CreateScheduleGroup'),
    handle({ name }, store, nowMs) {
      if (!NAME.test(name)) throw new AwsError('ValidationException', `Invalid schedule group name: ${name}`);
      if (store.hasGroup(name)) {
        throw new AwsError('ConflictException', `Schedule group ${name} already exists.`, 409);
      }
      return { body: { ScheduleGroupArn: store.addGroup(name, nowMs).arn } };
    },
  },
  'GET schedule-groups/': {
    ...onGroup('GetScheduleGroup'),
    handle: ({ name }, store) => ({ body: describeGroup(store.group(name)) }),
  },
  'DELETE schedule-groups/': {
    ...onGroup('DeleteScheduleGroup'),
    handle({ name }, store) {
      store.group(name);
      return { body: {}, changed: store.removeGroup(name) };
    },
  },
  'GET schedule-groups': {
    ...onAll('ListScheduleGroups'),
    handle({ query }, store) {
      const prefix = query.get('NamePrefix') ?? '';
      const listed = store.groups().filter(({ name }) => name.startsWith(prefix));
      const { items, NextToken } = page(listed.map(describeGroup), query);
      return { body: { ScheduleGroups: items, NextToken } };
    },
  },
};

/** A page by name: the token is the name of the last item shown. */
function page<T extends { readonly Name: string }>(all: readonly T[], query: URLSearchParams) {
  const sorted = all.toSorted((one, other) => (one.Name < other.Name ? -1 : 1));
  const token = query.get('NextToken');
  const rest = token === null ? sorted : sorted.filter(({ Name }) => Name > token);
  const items = rest.slice(0, Number(query.get('MaxResults') ?? DEFAULT_RESULTS));
  return { items, NextToken: items.length < rest.length ? items.at(-1)?.Name : undefined };
}

function summarize(schedule: Schedule) {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.groupName,
    State: schedule.isEnabled ? 'ENABLED' : 'DISABLED',
    CreationDate: schedule.createdMs / 1000,
    LastModificationDate: schedule.modifiedMs / 1000,
    Target: { Arn: schedule.target.Arn },
  };
}

function describe(schedule: Schedule) {
  const { startMs, endMs } = schedule;
  return {
    ...summarize(schedule),
    ScheduleExpression: schedule.expression,
    ScheduleExpressionTimezone: schedule.timeZone,
    FlexibleTimeWindow: schedule.flexibleTimeWindow,
    StartDate: startMs === undefined ? undefined : startMs / 1000,
    EndDate: endMs === undefined ? undefined : endMs / 1000,
    ActionAfterCompletion: schedule.isDeletedAfterCompletion ? 'DELETE' : 'NONE',
    Description: schedule.description,
    Target: schedule.target,
  };
}

function describeGroup({ arn, name, createdMs }: ScheduleGroup) {
  return { Arn: arn, Name: name, State: 'ACTIVE', CreationDate: createdMs / 1000 };
}
