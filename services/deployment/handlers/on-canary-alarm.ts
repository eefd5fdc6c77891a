import * as z from 'zod';
import { createTaskTokens } from '#shared/aws/task-tokens.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { releaseEnvironment } from '../env.ts';
import { reportAlarm } from '../use-cases/watch-canary.ts';
import { openStore } from './composition.ts';

const { store } = openStore(releaseEnvironment);
const tokens = createTaskTokens();
const detailSchema = z.object({
  alarmName: z.string(),
  state: z.object({ value: z.string(), reason: z.string().default('') }),
});

/** `CloudWatch Alarm State Change` of a canary’s alarm to ALARM. */
export const handler = awsEventHandler(
  (detail) => detailSchema.parse(detail),
  async ({ alarmName, state }) => {
    if (state.value === 'ALARM') await reportAlarm({ store, tokens }, alarmName, state.reason);
  },
);
