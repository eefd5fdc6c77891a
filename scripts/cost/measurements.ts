import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const counters = z.record(z.string(), z.number());

const measurements = z.strictObject({
  measuredOn: z.iso.date(),
  machine: z.string(),
  /** The upload that was counted: what an upload or a training stores grows with it. */
  upload: z.strictObject({ bytes: z.int().positive(), rows: z.int().positive() }),
  /** Custom metrics that a serving model version sends. */
  customMetricsPerModelVersion: z.int().nonnegative(),
  units: z.strictObject({
    project: counters,
    upload: counters,
    training: counters,
    release: counters,
    predictionRequest: counters,
    predictionRow: counters,
    captureBatch: counters,
    monitoringWindow: counters,
    labelRequest: counters,
    read: counters,
    hourlyRound: counters,
  }),
});

/** What `npm run cost:measure` counted on a laptop platform. */
export type Measurements = z.infer<typeof measurements>;

const file = path.join(import.meta.dirname, 'data/measurements.json');

export function readMeasurements(): Measurements {
  if (!existsSync(file)) throw new Error(`${file} is missing: npm run cost:measure writes it.`);
  return measurements.parse(JSON.parse(readFileSync(file, 'utf8')));
}
