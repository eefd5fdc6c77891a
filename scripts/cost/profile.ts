import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const count = z.number().nonnegative();
const instanceType = z.string().regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/);

/** What a team does with a stage in a month, all projects together. */
export const usageProfile = z.strictObject({
  name: z.string().default('own'),
  description: z.string().default('a profile of your own.'),
  /** Project files applied, changes included. */
  projectChanges: count.default(0),
  uploads: z.strictObject({ perMonth: count, bytesEach: count }).prefault({ perMonth: 0, bytesEach: 0 }),
  trainings: z
    .strictObject({
      perMonth: count,
      /** Billed by SageMaker, each: the training job, and the batch transforms on held-out rows. */
      trainingHoursEach: count,
      transformHoursEach: count,
      instanceType: instanceType.default('ml.m5.large'),
      instanceCount: z.int().positive().default(1),
      volumeGb: count.default(10),
    })
    .prefault({ perMonth: 0, trainingHoursEach: 0, transformHoursEach: 0 }),
  /** Approved releases: a request, a decision, a canary and a promotion each. */
  releases: z
    .strictObject({ perMonth: count, bakeHoursEach: count })
    .prefault({ perMonth: 0, bakeHoursEach: 0 }),
  predictions: z
    .strictObject({
      requestsPerMonth: count,
      rowsPerRequest: z.number().min(1),
      /** Hours of the month over which the requests are spread. */
      activeHours: z.number().positive().max(744),
      /** Models that serve. */
      models: count,
      /** Tokens by which applications ask. */
      applications: count,
      endpoint: z.discriminatedUnion('mode', [
        z.strictObject({
          mode: z.literal('serverless'),
          memoryGb: z.int().min(1).max(6),
          secondsPerRequest: count,
        }),
        z.strictObject({ mode: z.literal('instances'), instanceType, count: z.int().positive() }),
      ]),
    })
    .prefault({
      requestsPerMonth: 0,
      rowsPerRequest: 1,
      activeHours: 730,
      models: 0,
      applications: 0,
      endpoint: { mode: 'serverless', memoryGb: 2, secondsPerRequest: 0 },
    }),
  monitoring: z
    .strictObject({
      /** As in project.yaml: a window is judged when it holds so many predictions, or after an hour. */
      windowPredictions: z.number().min(20),
      /** Requests with ground truth, of about a hundred labels each. */
      labelRequestsPerMonth: count,
    })
    .prefault({ windowPredictions: 500, labelRequestsPerMonth: 0 }),
  /** Requests of people: the console, `millrace status`, … */
  readsPerMonth: count.default(0),
  /** Months for which what comes each month is kept. */
  keptMonths: z.number().positive().default(12),
  /** What lies there besides, in GB. */
  stored: z.strictObject({ s3Gb: count, tablesGb: count }).prefault({ s3Gb: 0, tablesGb: 0 }),
});

export type UsageProfile = z.infer<typeof usageProfile>;

const shippedFile = path.join(import.meta.dirname, 'data/profiles.json');

/** The profiles that come with the command: idle, small, medium, large. */
export function shippedProfiles(): UsageProfile[] {
  return z.array(usageProfile).parse(JSON.parse(readFileSync(shippedFile, 'utf8')));
}

/** A shipped profile by its name, or one in a JSON file. Throws what is wrong with it. */
export function readProfile(nameOrFile: string): UsageProfile {
  const shipped = shippedProfiles();
  const found = shipped.find(({ name }) => name === nameOrFile);
  if (found) return found;
  const names = shipped.map(({ name }) => name).join(', ');
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(nameOrFile, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`'${nameOrFile}' is neither a profile (${names}) nor a JSON file: ${reason}`);
  }
  const parsed = usageProfile.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new Error(`${nameOrFile} is not a usage profile: ${z.prettifyError(parsed.error)}`);
}
