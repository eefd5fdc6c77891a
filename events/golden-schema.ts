import * as z from 'zod';
import { type EventDefinition, eventMetadataSchema } from '#shared/contracts/event.ts';

/** A JSON Schema as far as it is compared. */
export interface JsonSchema {
  readonly type?: string;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly [keyword: string]: unknown;
}

/** Below events/, where the golden schema of an event lies. */
export const goldenPath = (event: EventDefinition): string => `golden/${event.detailType}.json`;

/** JSON Schema (draft 2020-12) of an event’s `detail`, as consumers read it: members they do not know are let through. */
export function goldenSchema(event: EventDefinition): JsonSchema {
  const detail = z.object({ metadata: eventMetadataSchema, data: event.data });
  const { $schema, ...schema } = z.toJSONSchema(detail, {
    io: 'input',
    // A format says it all; the pattern that zod writes beside it is long and changes with zod's releases.
    override: ({ jsonSchema }) => {
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return { $schema, title: event.detailType, description: event.description, ...schema } as JsonSchema;
}
