import * as z from 'zod';
import { releaseExecutionInput } from '#services/deployment/contract.ts';
import { eventMetadataSchema } from '#shared/contracts/event.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { releaseEnvironment } from '../env.ts';
import { closeRelease } from '../use-cases/close-release.ts';
import { rollBackVersion } from '../use-cases/end-canary.ts';
import { openAlarms, openStore } from './composition.ts';

const { store, clock } = openStore(releaseEnvironment);
const alarms = openAlarms();
const detailSchema = z.object({
  status: z.enum(['FAILED', 'TIMED_OUT', 'ABORTED']),
  input: z.string(),
  cause: z.string().nullish(),
});
const inputSchema = z.object({ metadata: eventMetadataSchema, input: releaseExecutionInput });

/** An execution of the release machine died (stopped by hand, timed out): its release must not keep traffic or the lease. */
export const handler = awsEventHandler(
  (detail) => detailSchema.parse(detail),
  async ({ status, input: text, cause }) => {
    const { metadata, input } = inputSchema.parse(JSON.parse(text));
    const { releaseId, version } = input;
    const step = {
      project: version.project,
      releaseId,
      metadata,
      reason: status === 'ABORTED' && cause ? cause : `The release’s execution ended with ${status}.`,
    };
    const release = await store.readRelease(version.project, releaseId);
    if (release?.status === 'canary')
      await rollBackVersion({ store, clock, alarms }, { ...step, alarms: [] });
    else if (release) await closeRelease({ store, clock }, { ...step, step: 'deployment' });
  },
);
