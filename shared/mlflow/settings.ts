import * as z from 'zod';
import { iamGrantsText } from '#shared/contracts/iam-grants.ts';
import type { MlflowEdge } from './handler.ts';

/** What the function behind MLflow's API gets from infra, besides what every function of its service gets. */
export const mlflowSettings = z.object({
  /** JSON of the stage's `iamGrants`; absent where nobody signs with keys of AWS. */
  IAM_GRANTS: iamGrantsText.optional(),
});
export type MlflowSettings = z.output<typeof mlflowSettings>;

/** What the settings make of the edge of MLflow's API. */
export const mlflowEdge = (settings: MlflowSettings): MlflowEdge => ({ iamGrants: settings.IAM_GRANTS });
