import type * as z from 'zod';
import type { decideApproval, listApprovals } from '#services/approvals/contract.ts';
import type {
  diffDatasetVersions,
  listDatasetVersions,
  listUploads,
  readDatasetVersion,
} from '#services/datasets/contract.ts';
import type { readDeployment } from '#services/deployment/contract.ts';
import type { readEvaluation, readVersionEvaluation } from '#services/evaluation/contract.ts';
import type {
  checkFeatureSkew,
  getOnlineFeatures,
  listFeatureSkew,
  listFeatures,
  listMaterializations,
  materialize,
  readFeatureFreshness,
  readFeatureService,
  readFeatureView,
} from '#services/feature-store/contract.ts';
import type { listJourneys, readLineage } from '#services/governance/contract.ts';
import type { readCaller } from '#services/identity/contract.ts';
import type { readDrift, readPerformance } from '#services/monitoring/contract.ts';
import type { predict } from '#services/predictions/contract.ts';
import type { listProjects, readProject } from '#services/projects/contract.ts';
import type { listAliasHistory, listModelVersions, readModelVersion } from '#services/registry/contract.ts';
import type {
  decideContractSuggestion,
  listContractSuggestions,
  listQuarantine,
  readContractSuggestion,
  readProfile,
  readValidation,
  releaseQuarantine,
} from '#services/validation/contract.ts';

/** The endpoints that the page calls, by operation id. */
interface Operations {
  checkFeatureSkew: typeof checkFeatureSkew;
  decideApproval: typeof decideApproval;
  decideContractSuggestion: typeof decideContractSuggestion;
  diffDatasetVersions: typeof diffDatasetVersions;
  getOnlineFeatures: typeof getOnlineFeatures;
  listAliasHistory: typeof listAliasHistory;
  listApprovals: typeof listApprovals;
  listContractSuggestions: typeof listContractSuggestions;
  listDatasetVersions: typeof listDatasetVersions;
  listFeatures: typeof listFeatures;
  listFeatureSkew: typeof listFeatureSkew;
  listJourneys: typeof listJourneys;
  listMaterializations: typeof listMaterializations;
  listModelVersions: typeof listModelVersions;
  listProjects: typeof listProjects;
  listQuarantine: typeof listQuarantine;
  listUploads: typeof listUploads;
  materialize: typeof materialize;
  predict: typeof predict;
  readCaller: typeof readCaller;
  readContractSuggestion: typeof readContractSuggestion;
  readDatasetVersion: typeof readDatasetVersion;
  readDeployment: typeof readDeployment;
  readDrift: typeof readDrift;
  readEvaluation: typeof readEvaluation;
  readFeatureFreshness: typeof readFeatureFreshness;
  readFeatureService: typeof readFeatureService;
  readFeatureView: typeof readFeatureView;
  readLineage: typeof readLineage;
  readModelVersion: typeof readModelVersion;
  readPerformance: typeof readPerformance;
  readProfile: typeof readProfile;
  readProject: typeof readProject;
  readValidation: typeof readValidation;
  readVersionEvaluation: typeof readVersionEvaluation;
  releaseQuarantine: typeof releaseQuarantine;
}

export type OperationId = keyof Operations;
export type ParamsOf<Id extends OperationId> = z.input<Operations[Id]['params']>;
export type QueryOf<Id extends OperationId> = z.input<Operations[Id]['query']>;
export type BodyOf<Id extends OperationId> = z.input<Operations[Id]['body']>;
export type AnswerOf<Id extends OperationId> = z.output<Operations[Id]['response']>;

/** Method and path of each. The contracts have them too, but would bring their schemas into the page. */
export const addresses: Readonly<Record<OperationId, string>> = {
  checkFeatureSkew: 'POST /v1/projects/{project}/feature-skew',
  decideApproval: 'POST /v1/approvals/{approvalId}/decisions',
  decideContractSuggestion: 'POST /v1/projects/{project}/contract-suggestions/{suggestionId}/decision',
  diffDatasetVersions: 'GET /v1/projects/{project}/dataset-versions/{datasetVersion}/diff',
  getOnlineFeatures: 'POST /v1/projects/{project}/online-features',
  listAliasHistory: 'GET /v1/projects/{project}/aliases/{alias}/history',
  listApprovals: 'GET /v1/approvals',
  listContractSuggestions: 'GET /v1/projects/{project}/contract-suggestions',
  listDatasetVersions: 'GET /v1/projects/{project}/dataset-versions',
  listFeatures: 'GET /v1/projects/{project}/features',
  listFeatureSkew: 'GET /v1/projects/{project}/feature-skew',
  listJourneys: 'GET /v1/projects/{project}/journeys',
  listMaterializations: 'GET /v1/projects/{project}/feature-views/{view}/materializations',
  listModelVersions: 'GET /v1/projects/{project}/model-versions',
  listProjects: 'GET /v1/projects',
  listQuarantine: 'GET /v1/projects/{project}/dataset-versions/{datasetVersion}/quarantine',
  listUploads: 'GET /v1/projects/{project}/uploads',
  materialize: 'POST /v1/projects/{project}/feature-views/{view}/materializations',
  predict: 'POST /v1/projects/{project}/predictions',
  readCaller: 'GET /v1/me',
  readContractSuggestion: 'GET /v1/projects/{project}/contract-suggestions/{suggestionId}',
  readDatasetVersion: 'GET /v1/projects/{project}/dataset-versions/{datasetVersion}',
  readDeployment: 'GET /v1/projects/{project}/deployment',
  readDrift: 'GET /v1/projects/{project}/drift',
  readEvaluation: 'GET /v1/projects/{project}/trainings/{trainingId}/evaluation',
  readFeatureFreshness: 'GET /v1/projects/{project}/feature-freshness',
  readFeatureService: 'GET /v1/projects/{project}/feature-services/{service}',
  readFeatureView: 'GET /v1/projects/{project}/feature-views/{view}',
  readLineage: 'GET /v1/projects/{project}/lineage/{kind}/{id}',
  readModelVersion: 'GET /v1/projects/{project}/model-versions/{modelVersion}',
  readPerformance: 'GET /v1/projects/{project}/performance',
  readProfile: 'GET /v1/projects/{project}/dataset-versions/{datasetVersion}/profile',
  readProject: 'GET /v1/projects/{project}',
  readValidation: 'GET /v1/projects/{project}/dataset-versions/{datasetVersion}/validation',
  readVersionEvaluation: 'GET /v1/projects/{project}/model-versions/{modelVersion}/evaluation',
  releaseQuarantine: 'POST /v1/projects/{project}/dataset-versions/{datasetVersion}/quarantine/releases',
};
