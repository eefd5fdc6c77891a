import * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import type { ServiceName } from '#shared/kernel/names.ts';

/** A fact may cause at most this many further facts in a row; deeper is a loop and is refused. One journey needs about 12. */
export const maxCausationDepth = 40;

/** Who caused a fact: a person or token by name, or a service. */
export const actorSchema = z.object({ type: z.enum(['user', 'service']), id: z.string().min(1).max(128) });
export type Actor = z.infer<typeof actorSchema>;

/** What every event carries besides its data. Ids are ULIDs, times ISO 8601 in UTC. */
export const eventMetadataSchema = z.object({
  /** Unique per fact; a redelivered event has the same. */
  eventId: z.string().min(1).max(64),
  occurredAt: z.iso.datetime(),
  project: z.string().min(1).max(40),
  /** One per journey (upload, manual request, drift finding): the same on everything that follows from it. */
  correlationId: z.string().min(1).max(64),
  /** eventId of the fact that caused this one; absent on the first. */
  causationId: z.string().optional(),
  causationDepth: z.int().min(0).max(maxCausationDepth),
  actor: actorSchema,
  /** Who caused the first fact of the journey: a person's upload leads to services' facts that the person still asked for. */
  initiatedBy: actorSchema,
});
export type EventMetadata = z.infer<typeof eventMetadataSchema>;

/** A fact as a service publishes it and a consumer receives it. */
export interface DomainEvent<Data = unknown> {
  readonly source: string;
  readonly detailType: string;
  readonly detail: { readonly metadata: EventMetadata; readonly data: Data };
}

/** What EventBridge hands to a target, as far as consumers read it. */
export interface DeliveredEvent {
  readonly source: string;
  readonly 'detail-type': string;
  readonly detail: unknown;
}

/** The same object subscribes in infra (`pattern`), publishes (`create`) and parses in handlers (`parse`). */
export interface EventDefinition<Schema extends z.ZodType = z.ZodType> {
  readonly service: ServiceName;
  /** PascalCase noun and past tense, without the version. */
  readonly name: string;
  readonly version: number;
  readonly source: string;
  readonly detailType: string;
  readonly description: string;
  readonly data: Schema;
  /** EventBridge pattern that matches exactly this event. */
  readonly pattern: { readonly source: string[]; readonly detailType: string[] };
  create(metadata: EventMetadata, data: z.input<Schema>): DomainEvent<z.output<Schema>>;
  /** Throws InvalidEvent, which is not retryable, when the delivered event is not of this schema. */
  parse(event: DeliveredEvent): DomainEvent<z.output<Schema>>;
}

/** Declares an event. Data may grow by optional members; anything else needs the next `version`, published beside the old one. */
export function defineEvent<Schema extends z.ZodType>(spec: {
  service: ServiceName;
  name: string;
  version: number;
  description: string;
  data: Schema;
}): EventDefinition<Schema> {
  const source = `millrace.${spec.service}`;
  const detailType = `${spec.name}.v${spec.version}`;
  const detailSchema = z.object({ metadata: eventMetadataSchema, data: spec.data });
  const checked = (detail: unknown): DomainEvent<z.output<Schema>> => {
    const result = detailSchema.safeParse(detail);
    if (!result.success) {
      throw new AppError(
        'invalid_input',
        'InvalidEvent',
        `${detailType} of ${source} breaks its schema: ${z.prettifyError(result.error)}`,
      );
    }
    return { source, detailType, detail: result.data as DomainEvent<z.output<Schema>>['detail'] };
  };
  return {
    ...spec,
    source,
    detailType,
    pattern: { source: [source], detailType: [detailType] },
    create: (metadata, data) => checked({ metadata, data }),
    parse: (event) => {
      if (event.source !== source || event['detail-type'] !== detailType) {
        throw new AppError(
          'invalid_input',
          'UnexpectedEvent',
          `Expected ${detailType} of ${source}, got ${event['detail-type']} of ${event.source}.`,
        );
      }
      return checked(event.detail);
    },
  };
}

/** Metadata of a fact that follows from another: same project and journey, one step deeper. Throws CausationTooDeep for a loop. */
export function causedBy(
  cause: EventMetadata,
  own: { eventId: string; occurredAt: Date; actor: Actor },
): EventMetadata {
  if (cause.causationDepth >= maxCausationDepth) {
    throw new AppError(
      'precondition_failed',
      'CausationTooDeep',
      `Event ${cause.eventId} is ${cause.causationDepth} facts deep, more than ${maxCausationDepth} allows: some consumers cause each other in a loop. Nothing was published.`,
    );
  }
  return {
    eventId: own.eventId,
    occurredAt: own.occurredAt.toISOString(),
    project: cause.project,
    correlationId: cause.correlationId,
    causationId: cause.eventId,
    causationDepth: cause.causationDepth + 1,
    actor: own.actor,
    initiatedBy: cause.initiatedBy,
  };
}

/** Metadata of a fact that starts a journey of its own. */
export function startingJourney(own: {
  eventId: string;
  occurredAt: Date;
  project: string;
  actor: Actor;
  correlationId?: string;
}): EventMetadata {
  return {
    eventId: own.eventId,
    occurredAt: own.occurredAt.toISOString(),
    project: own.project,
    correlationId: own.correlationId ?? own.eventId,
    causationDepth: 0,
    actor: own.actor,
    initiatedBy: own.actor,
  };
}
