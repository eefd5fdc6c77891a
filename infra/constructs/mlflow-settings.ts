import type { StageConfig } from '../config.ts';

/** Variables of the functions behind MLflow's API; see shared/mlflow/settings.ts. */
export const mlflowSettingsOf = ({ iamGrants, throttles }: StageConfig): Record<string, string> => ({
  REQUESTS_PER_SECOND_PER_CALLER: String(throttles.requestsPerSecondPerCaller),
  ...(iamGrants ? { IAM_GRANTS: JSON.stringify(iamGrants) } : {}),
});
