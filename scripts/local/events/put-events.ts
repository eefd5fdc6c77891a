import * as z from 'zod';
import { AwsError, type RequiredPermission } from '../emulated-service.ts';
import type { Router } from './router.ts';
import type { RuleStore } from './rule-store.ts';

const MAX_ENTRIES = 10;
const MAX_ENTRY_BYTES = 1_048_576;

const entry = z.looseObject({
  Source: z.string().optional(),
  DetailType: z.string().optional(),
  Detail: z.string().optional(),
  Resources: z.array(z.string()).optional(),
  EventBusName: z.string().optional(),
  Time: z.number().optional(),
});
const input = z.looseObject({ Entries: z.array(entry).min(1).max(MAX_ENTRIES) });
type Entry = z.infer<typeof entry>;

/** @throws AwsError ValidationException for no or more than ten entries */
function readEntries(body: unknown): readonly Entry[] {
  const parsed = input.safeParse(body);
  if (parsed.success) return parsed.data.Entries;
  throw new AwsError('ValidationException', z.prettifyError(parsed.error));
}

/** events:PutEvents on the bus of each entry, with the condition keys `events:source` and `events:detail-type`. */
export function putEventsPermissions(body: unknown, rules: RuleStore): RequiredPermission[] {
  return readEntries(body).map(({ EventBusName, Source = '', DetailType = '' }) => ({
    action: 'events:PutEvents',
    resource: rules.busArn(rules.busName(EventBusName)),
    context: { 'events:source': Source, 'events:detail-type': DetailType },
  }));
}

/** Takes each entry in or says why not; accepted ones are on disk when this returns. */
export function putEvents(body: unknown, router: Router, rules: RuleStore): Record<string, unknown> {
  const entries = readEntries(body);
  const sizeBytes = entries.reduce((sum, one) => sum + entrySizeBytes(one), 0);
  if (sizeBytes > MAX_ENTRY_BYTES) {
    throw new AwsError('ValidationException', 'Total size of the entries in the request is over the limit.');
  }
  const results = entries.map((one) => putEntry(one, router, rules));
  return { Entries: results, FailedEntryCount: results.filter((result) => 'ErrorCode' in result).length };
}

function putEntry(
  one: Entry,
  router: Router,
  rules: RuleStore,
): { EventId: string } | { ErrorCode: string; ErrorMessage: string } {
  for (const name of ['Source', 'DetailType', 'Detail'] as const) {
    if (one[name]) continue;
    return refuse(
      'InvalidArgument',
      `Parameter ${name} is not valid. Reason: ${name} is a required argument.`,
    );
  }
  const { Source = '', DetailType = '', Detail = '', Resources, EventBusName, Time } = one;
  if (Source.startsWith('aws.'))
    return refuse('NotAuthorizedForSourceException', 'Not authorized for the source.');
  const detail = parseDetail(Detail);
  if (detail === undefined) return refuse('MalformedDetail', 'Detail is malformed.');
  const busName = rules.busName(EventBusName);
  if (!rules.hasBus(busName))
    return refuse('ResourceNotFoundException', `Event bus ${busName} does not exist.`);
  const EventId = router.accept({
    source: Source,
    detailType: DetailType,
    detail,
    busName,
    ...(Resources === undefined ? {} : { resources: Resources }),
    ...(Time === undefined ? {} : { timeMs: Time * 1000 }),
  });
  return { EventId };
}

function refuse(ErrorCode: string, ErrorMessage: string): { ErrorCode: string; ErrorMessage: string } {
  return { ErrorCode, ErrorMessage };
}

/** The detail must be a JSON object. */
function parseDetail(text: string): object | undefined {
  try {
    const detail: unknown = JSON.parse(text);
    return typeof detail === 'object' && detail !== null && !Array.isArray(detail) ? detail : undefined;
  } catch {
    return undefined;
  }
}

/** As EventBridge counts: 14 bytes for a time, the rest in UTF-8. */
function entrySizeBytes({ Source = '', DetailType = '', Detail = '', Resources = [], Time }: Entry): number {
  const texts = [Source, DetailType, Detail, ...Resources];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), Time === undefined ? 0 : 14);
}
