import type { StageConfig } from '../config.ts';

/** Variables of the functions behind MLflow's API; see shared/mlflow/settings.ts. */
export const mlflowSettingsOf = ({ iamGrants }: StageConfig): Record<string, string> =>
  iamGrants ? { IAM_GRANTS: JSON.stringify(iamGrants) } : {};
