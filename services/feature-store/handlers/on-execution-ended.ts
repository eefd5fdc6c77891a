import * as z from 'zod';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { materializationExecutionInput } from '../contract.ts';
import { failureText } from '../domain/failure-text.ts';
import { queryEnvironment } from '../env.ts';
import { failMaterialization } from '../use-cases/end-materialization.ts';
import { materializationDeps } from './materialization.ts';

const deps = materializationDeps(readEnvironment(queryEnvironment));

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const executionChange = z.object({
  status: z.string(),
  error: z.string().nullish(),
  cause: z.string().nullish(),
  /** JSON of what the machine got. */
  input: z
    .string()
    .transform((text) => z.object({ input: materializationExecutionInput }).parse(JSON.parse(text))),
});

/** An execution died without saying so itself. */
export const handler = awsEventHandler(
  (detail) => executionChange.parse(detail),
  async ({ status, error, cause, input }) =>
    failMaterialization(
      deps,
      input.input,
      failureText(error ?? status, cause ?? `The execution ended with status ${status}.`),
    ),
);
