import type * as z from 'zod';
import {
  type Actor,
  causedBy,
  type DomainEvent,
  type EventDefinition,
  startingJourney,
} from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';

/** All samples are of one project, the example that `npm start` begins. */
export const project = 'tumour';

/** The first sample’s time; the others come seconds later. */
const startedAt = Date.UTC(2026, 10, 21, 8, 39, 54, 930);

/** When a sample happened, `seconds` after the first. */
export const at = (seconds: number): string => new Date(startedAt + seconds * 1000).toISOString();

/** An object in a bucket of the stage `local`; its hash is made up of its key. */
export const stored = (bucket: 'data' | 'models' | 'captures', key: string, bytes: number): StoredObject => ({
  uri: `s3://millrace-local-000000000000-us-east-1-${bucket}/${key}`,
  sha256: sha256Hex(key),
  bytes,
});

/** One sample: `data` as the event declares it, unchecked here so that tests can check it. `seconds` after the first sample. */
export function fact<Schema extends z.ZodType>(
  event: EventDefinition<Schema>,
  happened: {
    readonly eventId: string;
    readonly seconds: number;
    readonly by?: Actor;
    readonly after?: DomainEvent;
  },
  data: z.input<Schema>,
): DomainEvent {
  const own = {
    eventId: happened.eventId,
    occurredAt: new Date(at(happened.seconds)),
    actor: happened.by ?? { type: 'service', id: event.service },
  };
  const metadata = happened.after
    ? causedBy(happened.after.detail.metadata, own)
    : startingJourney({ ...own, project });
  return { source: event.source, detailType: event.detailType, detail: { metadata, data } };
}
