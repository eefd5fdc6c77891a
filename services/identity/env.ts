import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';
import { signInSettings } from './sign-in-settings.ts';

export { signInSettings };

const { TABLE_NAME } = environmentParts;

/** Who a request without a token is. There is such an identity in stage `local` alone: any other stage refuses to start with one. */
export const authorizerEnvironment = baseEnvironment
  .extend({
    TABLE_NAME,
    ANONYMOUS_IDENTITY: z.string().min(1).optional(),
    /** JSON of the stage's `signIn`; absent where API tokens are the only ones. */
    SIGN_IN: z
      .string()
      .transform((text) => JSON.parse(text) as unknown)
      .pipe(signInSettings)
      .optional(),
  })
  .refine(({ MILLRACE_STAGE, ANONYMOUS_IDENTITY }) => MILLRACE_STAGE === 'local' || !ANONYMOUS_IDENTITY, {
    path: ['ANONYMOUS_IDENTITY'],
    message: 'only stage local may answer requests without a token; leave it out',
  });

/** The function that ends tokens and makes none. */
export const settlerEnvironment = baseEnvironment.extend({ TABLE_NAME });

/** Functions that issue tokens. */
export const issuerEnvironment = settlerEnvironment.extend({ PREDICTION_USAGE_PLAN_ID: z.string().min(1) });
