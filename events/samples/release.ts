import { sha256Hex } from '#shared/kernel/hash.ts';
import { ApprovalDecided, ApprovalExpired, ApprovalRequested } from '../approvals.ts';
import {
  DeploymentCompleted,
  DeploymentRolledBack,
  DeploymentStarted,
  EndpointRetired,
  ReleaseRejected,
  ReleaseRequested,
  TrafficShifted,
} from '../deployment.ts';
import { ModelVersionEvaluated } from '../evaluation.ts';
import { at, fact, project, stored } from './fact.ts';
import { modelVersionRegistered } from './training.ts';

const releaseId = modelVersionRegistered.detail.metadata.eventId;
const week = 7 * 86_400;
const version = { project, model: project, modelVersion: 1 };
const approval = { ...version, approvalId: releaseId, subjectDigest: sha256Hex('what is decided on') };
const release = { ...version, releaseId };
const endpointName = `millrace-local-${project}-v1`;

const approvalRequested = fact(
  ApprovalRequested,
  { eventId: '01M7YM6EXDERF19SS1JSPCJ870', seconds: 9.3, after: modelVersionRegistered },
  { ...approval, approvers: ['grace'], quorum: 1, expiresAt: at(9.3 + week), requestedBy: 'validation' },
);

const approvalDecided = fact(
  ApprovalDecided,
  {
    eventId: '01M7YM7BCA492TZSH42HYH7PPP',
    seconds: 38.5,
    after: approvalRequested,
    by: { type: 'user', id: 'grace' },
  },
  { ...approval, decision: 'approved', decidedBy: ['grace'], comment: 'Good on the held-out rows.' },
);

const approvalExpired = fact(
  ApprovalExpired,
  { eventId: '01M8GMNS8Q4V7X0Z3B6D9F2H5K', seconds: 9.4 + week, after: approvalRequested },
  { ...approval, expiresAt: at(9.3 + week) },
);

const releaseRequested = fact(
  ReleaseRequested,
  {
    eventId: '01M8GMNSAZ5W8Y1Z4C7E0G3J6M',
    seconds: 9.5 + week,
    by: { type: 'user', id: 'ada' },
  },
  { ...release, releaseId: '01M8GMNSAZ5W8Y1Z4C7E0G3J6M', projectRevision: 2, reason: 'Grace is back.' },
);

const modelVersionEvaluated = fact(
  ModelVersionEvaluated,
  { eventId: '01M8GMNSB05W8Y1Z4C7E0G3J6N', seconds: 12 + week, after: releaseRequested },
  {
    ...release,
    releaseId: '01M8GMNSAZ5W8Y1Z4C7E0G3J6M',
    trainingSetId: sha256Hex('training set').slice(0, 32),
    datasetVersion: 1,
    verdict: 'Pass',
    metrics: { auc: 0.9985 },
    gates: [
      {
        gate: 'min_auc',
        verdict: 'Pass',
        metric: 'auc',
        observed: 0.9985,
        threshold: 0.95,
        message: 'auc is 0.998500, at least 0.950000 is demanded.',
      },
    ],
    report: stored('data', `evaluations/${project}/01M8GMNSAZ5W8Y1Z4C7E0G3J6M.json`, 827),
  },
);

const deploymentStarted = fact(
  DeploymentStarted,
  { eventId: `${releaseId}-started`, seconds: 38.9, after: modelVersionRegistered },
  { ...release, endpointName, mode: 'serverless' },
);

const trafficShifted = fact(
  TrafficShifted,
  { eventId: `${releaseId}-canary`, seconds: 39.5, after: modelVersionRegistered },
  {
    ...release,
    modelVersion: 2,
    shares: [
      { modelVersion: 1, share: 0.8 },
      { modelVersion: 2, share: 0.2 },
    ],
    reason: 'canary',
  },
);

const deploymentCompleted = fact(
  DeploymentCompleted,
  { eventId: `${releaseId}-completed`, seconds: 60.3, after: modelVersionRegistered },
  { ...release, endpointName },
);

const deploymentRolledBack = fact(
  DeploymentRolledBack,
  { eventId: `${releaseId}-rolled-back`, seconds: 60.4, after: modelVersionRegistered },
  {
    ...release,
    modelVersion: 2,
    reason: 'CanaryAlarm: errors',
    alarms: [`millrace-local-canary-${project}-v2-errors`],
    toVersion: 1,
    automatic: true,
  },
);

const releaseRejected = fact(
  ReleaseRejected,
  { eventId: `${releaseId}-rejected`, seconds: 60.5, after: modelVersionRegistered },
  { ...release, modelVersion: 3, step: 'gates', reason: 'auc is 0.910000, at least 0.950000 is demanded.' },
);

const endpointRetired = fact(
  EndpointRetired,
  { eventId: `${releaseId}-retired`, seconds: 660.4, after: modelVersionRegistered },
  { ...release, modelVersion: 2, endpointName: `millrace-local-${project}-v2` },
);

export const releaseSamples = [
  approvalRequested,
  approvalDecided,
  deploymentStarted,
  trafficShifted,
  deploymentCompleted,
  deploymentRolledBack,
  releaseRejected,
  endpointRetired,
  approvalExpired,
  releaseRequested,
  modelVersionEvaluated,
];
