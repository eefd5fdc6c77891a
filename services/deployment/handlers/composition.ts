import { CloudWatchClient } from '@aws-sdk/client-cloudwatch';
import type * as z from 'zod';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { sagemakerName } from '#shared/kernel/names.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import type { releaseEnvironment } from '../env.ts';
import { createAlarms } from '../store/alarms.ts';
import { createReleaseStore } from '../store/release-store.ts';

/** Reads the environment and opens the table: what nearly every function of the service begins with. */
export function openStore<Schema extends typeof releaseEnvironment>(schema: Schema) {
  const environment = readEnvironment(schema) as z.output<Schema> & z.output<typeof releaseEnvironment>;
  return {
    environment,
    store: createReleaseStore(createTable(documentClient(), environment.TABLE_NAME)),
    clock: systemClock,
    /** Endpoint of a version: one per model version, so its name follows from it. */
    endpointName: (project: string, modelVersion: number) =>
      sagemakerName(environment.MILLRACE_STAGE, project, `v${modelVersion}`),
  };
}

export const openAlarms = () => createAlarms(new CloudWatchClient({}));
