import * as z from 'zod';
import { iamGrantsText } from '#shared/contracts/iam-grants.ts';
import { environmentParts } from '#shared/lambda/environment.ts';

/** What the function behind MLflow's API gets from infra, besides what every function of its service gets. */
export const mlflowSettings = z.object({
  TABLE_NAME: environmentParts.TABLE_NAME,
  /** JSON of the stage's `iamGrants`; absent where nobody signs with keys of AWS. */
  IAM_GRANTS: iamGrantsText.optional(),
  REQUESTS_PER_SECOND_PER_CALLER: z.coerce.number().int().positive(),
});
export type MlflowSettings = z.output<typeof mlflowSettings>;
