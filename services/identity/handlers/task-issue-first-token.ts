import middy from '@middy/core';
import * as z from 'zod';
import { parseOrThrow } from '#shared/contracts/call.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { loggedFailure } from '#shared/lambda/event.ts';
import { issuerEnvironment } from '../env.ts';
import { createIssuer } from '../store/issuer.ts';
import { issueFirstToken } from '../use-cases/issue-token.ts';

const issuer = createIssuer(readEnvironment(issuerEnvironment));
const request = z.strictObject({
  name: z
    .string()
    .regex(/^[A-Za-z0-9._@-]{1,64}$/)
    .default('first-admin'),
});

/** For an AWS administrator, by `aws lambda invoke`: the answer holds the admin token that a new stage begins with. */
export const handler = middy<unknown, Awaited<ReturnType<typeof issueFirstToken>>>()
  .use(loggedFailure())
  .handler((input) =>
    issueFirstToken(issuer, parseOrThrow(request, input ?? {}, 'InvalidInput', 'The input')),
  );
