import * as z from 'zod';
import { baseEnvironment, environmentParts } from '#shared/lambda/environment.ts';

/** Functions that read and write the governor's table. */
export const environment = baseEnvironment.extend({ TABLE_NAME: environmentParts.TABLE_NAME });

const machine = { STATE_MACHINE_ARN: z.string().startsWith('arn:') };

/** Functions that start executions. */
export const machineEnvironment = environment.extend(machine);

/** Functions that create SageMaker jobs or ask what became of them. */
export const jobEnvironment = environment.extend({
  SAGEMAKER_ROLE_ARN: environmentParts.SAGEMAKER_ROLE_ARN,
  ENCRYPTION_KEY_ARN: environmentParts.ENCRYPTION_KEY_ARN,
  MODELS_BUCKET: environmentParts.MODELS_BUCKET,
  DATA_BUCKET: environmentParts.DATA_BUCKET,
});

/** The function that repairs flights and jobs. */
export const reconcilerEnvironment = jobEnvironment.extend(machine);

/** The planning function. It knows its region from AWS_REGION, which Lambda sets. */
export const planEnvironment = baseEnvironment.extend({ CODE_VERSION: z.string().min(1) });

export const publisherEnvironment = baseEnvironment.extend({
  EVENT_BUS_NAME: environmentParts.EVENT_BUS_NAME,
});
