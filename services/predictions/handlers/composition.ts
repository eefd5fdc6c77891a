import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createCaptureErasures } from '../store/capture-erasures.ts';
import { createCaptureObjects } from '../store/capture-objects.ts';
import { createCaptures } from '../store/captures.ts';

export const openCaptures = (tableName: string) =>
  createCaptures(createTable(documentClient(), tableName), systemClock);

/** What erases predictions from files and items. */
export const openErasing = (env: { TABLE_NAME: string; CAPTURES_BUCKET: string }) => ({
  erasures: createCaptureErasures(createTable(documentClient(), env.TABLE_NAME), systemClock),
  objects: createCaptureObjects(env.CAPTURES_BUCKET),
  captures: openCaptures(env.TABLE_NAME),
});
