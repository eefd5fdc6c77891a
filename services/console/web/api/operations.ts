import type * as z from 'zod';
import type { decideApproval, listApprovals } from '#services/approvals/contract.ts';
import type { readDeployment } from '#services/deployment/contract.ts';
import type { readEvaluation, readVersionEvaluation } from '#services/evaluation/contract.ts';
import type { listJourneys, readLineage } from '#services/governance/contract.ts';
import type { readCaller } from '#services/identity/contract.ts';
import type { readDrift, readPerformance } from '#services/monitoring/contract.ts';
import type { predict } from '#services/predictions/contract.ts';
import type { listProjects, readProject } from '#services/projects/contract.ts';
import type { listAliasHistory, listModelVersions, readModelVersion } from '#services/registry/contract.ts';

/** The endpoints that the page calls, by operation id. */
interface Operations {
  decideApproval: typeof decideApproval;
  listAliasHistory: typeof listAliasHistory;
  listApprovals: typeof listApprovals;
  listJourneys: typeof listJourneys;
  listModelVersions: typeof listModelVersions;
  listProjects: typeof listProjects;
  predict: typeof predict;
  readCaller: typeof readCaller;
  readDeployment: typeof readDeployment;
  readDrift: typeof readDrift;
  readEvaluation: typeof readEvaluation;
  readLineage: typeof readLineage;
  readModelVersion: typeof readModelVersion;
  readPerformance: typeof readPerformance;
  readProject: typeof readProject;
  readVersionEvaluation: typeof readVersionEvaluation;
}

export type OperationId = keyof Operations;
export type ParamsOf<Id extends OperationId> = z.input<Operations[Id]['params']>;
export type QueryOf<Id extends OperationId> = z.input<Operations[Id]['query']>;
export type BodyOf<Id extends OperationId> = z.input<Operations[Id]['body']>;
export type AnswerOf<Id extends OperationId> = z.output<Operations[Id]['response']>;

/** Method and path of each. The contracts have them too, but would bring their schemas into the page. */
export const addresses: Readonly<Record<OperationId, string>> = {
  decideApproval: 'POST /v1/approvals/{approvalId}/decisions',
  listAliasHistory: 'GET /v1/projects/{project}/aliases/{alias}/history',
  listApprovals: 'GET /v1/approvals',
  listJourneys: 'GET /v1/projects/{project}/journeys',
  listModelVersions: 'GET /v1/projects/{project}/model-versions',
  listProjects: 'GET /v1/projects',
  predict: 'POST /v1/projects/{project}/predictions',
  readCaller: 'GET /v1/me',
  readDeployment: 'GET /v1/projects/{project}/deployment',
  readDrift: 'GET /v1/projects/{project}/drift',
  readEvaluation: 'GET /v1/projects/{project}/trainings/{trainingId}/evaluation',
  readLineage: 'GET /v1/projects/{project}/lineage/{kind}/{id}',
  readModelVersion: 'GET /v1/projects/{project}/model-versions/{modelVersion}',
  readPerformance: 'GET /v1/projects/{project}/performance',
  readProject: 'GET /v1/projects/{project}',
  readVersionEvaluation: 'GET /v1/projects/{project}/model-versions/{modelVersion}/evaluation',
};
