import * as z from 'zod';

/** What every function gets from infra. Services extend it in their `env.ts`; infra passes values through the same schema. */
export const baseEnvironment = z.object({
  MILLRACE_STAGE: z.string().min(1),
  MILLRACE_SERVICE: z.string().min(1),
});

/** Members of `env.ts` schemas that several services use. */
export const environmentParts = {
  TABLE_NAME: z.string().min(3),
  EVENT_BUS_NAME: z.string().min(1),
  UPLOADS_BUCKET: z.string().min(3),
  DATA_BUCKET: z.string().min(3),
  MODELS_BUCKET: z.string().min(3),
  CAPTURES_BUCKET: z.string().min(3),
  /** Functions that create SageMaker's jobs and endpoints: the role these run under, and the KMS key of what they store, where the stage has one. */
  SAGEMAKER_ROLE_ARN: z.string().startsWith('arn:'),
  ENCRYPTION_KEY_ARN: z.string().startsWith('arn:').optional(),
  /** Functions that run Processing jobs: the role of these, and their image; absent where the stage has none. */
  PROCESSING_ROLE_ARN: z.string().startsWith('arn:'),
  PROCESSING_IMAGE_URI: z.string().optional(),
};

/** Reads the environment once, at cold start, in a handler file; throws naming each missing variable. */
export function readEnvironment<Schema extends z.ZodType>(schema: Schema): z.output<Schema> {
  const result = schema.safeParse(process.env);
  if (!result.success)
    throw new Error(
      `The function’s environment is not what env.ts declares: ${z.prettifyError(result.error)}`,
    );
  return result.data;
}
