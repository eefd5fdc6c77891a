import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { createCaptures } from '../store/captures.ts';

export const openCaptures = (tableName: string) =>
  createCaptures(createTable(documentClient(), tableName), systemClock);
