import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomically } from '../durable/journal.ts';
import { alarmProperties } from './alarm-config.ts';

const fileSchema = z.array(
  z.object({
    config: alarmProperties,
    configuredAtMs: z.number(),
    status: z.object({
      state: z.enum(['OK', 'ALARM', 'INSUFFICIENT_DATA']),
      reason: z.string(),
      reasonData: z.string(),
      updatedAtMs: z.number(),
    }),
  }),
);
type KeptAlarm = z.output<typeof fileSchema>[number];

/** The alarms on disk with their states; none when there is no file. @throws Error naming the file when it is damaged */
export function readAlarmFile(file: string): readonly KeptAlarm[] {
  if (!existsSync(file)) return [];
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    const cure = 'Delete it (alarms made at run time are lost) or start with --fresh.';
    throw new Error(`${file} is damaged. ${cure}`, { cause });
  }
}

/** Replaces the file as a whole. */
export function writeAlarmFile(file: string, alarms: readonly KeptAlarm[]): void {
  const content = alarms.map(({ config, configuredAtMs, status }) => ({ config, configuredAtMs, status }));
  writeFileAtomically(file, JSON.stringify(content, null, 2));
}
