import { createHash } from 'node:crypto';
import * as z from 'zod';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type LogEvent,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { compileFilterPattern } from './filter-pattern.ts';

/** What the wire API needs of the service. */
export interface LogGroups {
  names(): readonly string[];
  /** All events kept of a group, oldest first; undefined: no such group. */
  read(logGroupName: string): Promise<readonly LogEvent[] | undefined>;
}

const maxEvents = 10_000;
const groupInput = z.object({
  logGroupName: z.string().optional(),
  logGroupIdentifier: z.string().optional(),
});
const timeRange = { startTime: z.number().optional(), endTime: z.number().optional() };
const filterInput = groupInput.extend({
  ...timeRange,
  filterPattern: z.string().default(''),
  logStreamNames: z.array(z.string()).optional(),
  limit: z.number().int().min(1).max(maxEvents).default(maxEvents),
  nextToken: z.string().optional(),
});
const getInput = groupInput.extend({
  ...timeRange,
  logStreamName: z.string(),
  limit: z.number().int().min(1).max(maxEvents).default(maxEvents),
  startFromHead: z.boolean().default(false),
});
const describeInput = z.object({ logGroupNamePrefix: z.string().default('') });

/** Name of the operation: `Logs_20140328.<operation>`. */
function operationOf(request: AwsRequest): string {
  return request.headers['x-amz-target']?.split('.')[1] ?? '';
}

export async function authorizeLogs(
  context: RuntimeContext,
  request: AwsRequest,
): Promise<readonly RequiredPermission[]> {
  const input = groupInput.safeParse(await readJson(request));
  const group = input.success ? groupNameOf(input.data) : '*';
  const resource = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${group}:*`;
  return [{ action: `logs:${operationOf(request)}`, resource }];
}

export async function handleLogs(
  context: RuntimeContext,
  groups: LogGroups,
  request: AwsRequest,
): Promise<AwsResponse> {
  const input = await readJson(request);
  switch (operationOf(request)) {
    case 'DescribeLogGroups': {
      const { logGroupNamePrefix } = describeInput.parse(input);
      const names = groups.names().filter((name) => name.startsWith(logGroupNamePrefix));
      return json({ logGroups: names.map((name) => describeGroup(context, name)) });
    }
    case 'FilterLogEvents':
      return json(await filterEvents(groups, parseInput(filterInput, input)));
    case 'GetLogEvents':
      return json(await getEvents(groups, parseInput(getInput, input)));
    default:
      throw new AwsError(
        'NotImplemented',
        `The laptop runtime does not imitate CloudWatch Logs ${operationOf(request)}.`,
        501,
      );
  }
}

async function filterEvents(groups: LogGroups, input: z.output<typeof filterInput>): Promise<object> {
  const passes = compileFilterPattern(input.filterPattern);
  const matching = (await readGroup(groups, input)).filter(
    (event) =>
      isWithin(event, input) &&
      (input.logStreamNames?.includes(event.logStreamName) ?? true) &&
      passes(event.message),
  );
  const start = Number(input.nextToken ?? 0);
  const end = start + input.limit;
  const events = matching.slice(start, end).map((event) => ({
    ...toWire(event),
    logStreamName: event.logStreamName,
    eventId: eventId(event),
  }));
  return { events, searchedLogStreams: [], ...(end < matching.length && { nextToken: String(end) }) };
}

async function getEvents(groups: LogGroups, input: z.output<typeof getInput>): Promise<object> {
  const events = (await readGroup(groups, input)).filter(
    (event) => event.logStreamName === input.logStreamName && isWithin(event, input),
  );
  const page = input.startFromHead ? events.slice(0, input.limit) : events.slice(-input.limit);
  // The same token again says that there is nothing more in that direction.
  return { events: page.map(toWire), nextForwardToken: 'f/end', nextBackwardToken: 'b/end' };
}

async function readGroup(
  groups: LogGroups,
  input: z.output<typeof groupInput>,
): Promise<readonly LogEvent[]> {
  const events = await groups.read(groupNameOf(input));
  if (events === undefined) {
    throw new AwsError('ResourceNotFoundException', 'The specified log group does not exist.');
  }
  return events;
}

/** A group is named by itself or by its ARN. */
function groupNameOf(input: z.output<typeof groupInput>): string {
  const name = input.logGroupName ?? input.logGroupIdentifier ?? '*';
  return name.startsWith('arn:') ? (name.split(':')[6] ?? '') : name;
}

function isWithin(event: LogEvent, range: { startTime?: number | undefined; endTime?: number | undefined }) {
  return event.timestampMs >= (range.startTime ?? 0) && event.timestampMs <= (range.endTime ?? Infinity);
}

function toWire(event: LogEvent): object {
  return { timestamp: event.timestampMs, ingestionTime: event.timestampMs, message: event.message };
}

/** Tells readers that poll which events they have seen. */
function eventId(event: LogEvent): string {
  const hash = createHash('sha256').update(`${event.logStreamName}\t${event.message}`).digest('hex');
  return `${event.timestampMs}${hash.slice(0, 24)}`;
}

function describeGroup(context: RuntimeContext, name: string): object {
  const arn = `arn:aws:logs:${context.region}:${context.accountId}:log-group:${name}`;
  return { logGroupName: name, arn: `${arn}:*`, logGroupArn: arn };
}

async function readJson(request: AwsRequest): Promise<unknown> {
  return JSON.parse((await request.bytes()).toString() || '{}') as unknown;
}

function parseInput<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AwsError('InvalidParameterException', `${issue?.path.join('.')}: ${issue?.message}`);
}

function json(body: object): AwsResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(body),
  };
}
