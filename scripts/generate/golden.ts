import { goldenPath, goldenSchema } from '#events/golden-schema.ts';
import { allEvents } from '#events/index.ts';
import { type Artefact, jsonText } from './artefact.ts';

/** Folder of the golden schemas: a file there that belongs to no event is removed. */
export const goldenFolder = 'events/golden';

/** The golden schema of each event. */
export const goldenSchemas = (): Artefact[] =>
  allEvents.map((event) => ({
    path: `events/${goldenPath(event)}`,
    content: jsonText(goldenSchema(event)),
  }));
