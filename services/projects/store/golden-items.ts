import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

/** An item of each kind and version, as a release stored it; long lists are cut. Old ones stay for ever: tables hold them. */
export const goldenItems: GoldenItems<StoredItems> = {
  revision: [
    {
      pk: 'PROJECT#gone',
      sk: 'REVISION#000001',
      project: 'gone',
      revision: 1,
      definition:
        '{"name":"gone","description":"","owners":["ada"],"data":{"format":"csv","primaryKey":"id","uploads":"append","maxUploadBytes":536870912,"columns":{"id":{"type":"string","nullable":false,"unique":false},"x":{"type":"number","nullable":false,"min":0,"unique":false},"y":{"type":"integer","nullable":false,"allowed":[0,1],"unique":false}},"checks":{"minRows":50,"maxQuarantinedShare":0.05,"unknownColumns":"ignore"}},"target":{"column":"y","task":"binary_classification","positiveClass":1},"excludeFeatures":[],"split":{"seed":17,"train":0.7,"validation":0.15,"test":0.15},"training":{"algorithm":"xgboost","hyperparameters":{},"resources":{"instanceType":"ml.m5.large","instanceCount":1,"volumeSizeGb":10},"spot":{"enabled":false,"maxWaitSeconds":7200},"limits":{"maxRuntimeSeconds":3600,"cooldownSeconds":0,"maxTrainingsPerDay":24},"onNewData":"never"},"gates":{"thresholds":[],"minTestRows":30},"approval":{"approvers":[],"quorum":1,"requesterMayApprove":true,"expiresAfterHours":168},"deployment":{"mode":"serverless","serverless":{"memorySizeMb":2048,"maxConcurrency":5},"instances":{"instanceType":"ml.m5.large","count":1},"canary":{"trafficShare":0.1,"bakeSeconds":300,"maxErrorRate":0.02,"maxP99LatencyMs":2000,"maxPredictionPsi":0.5},"graceSeconds":3600},"monitoring":{"windowPredictions":500,"windowMinutes":60,"minPredictions":50,"drift":{"psiThreshold":0.2,"maxPValue":0.01,"minDriftedShare":0.2},"retrainOn":["drift","performance"]}}',
      definitionSha256: 'eecf79377d468ec8514403239983859f37e08047f1faa58b5f19f8343cdf792a',
      appliedAt: '2026-11-28T01:40:00.691Z',
      appliedBy: 'ann',
      schemaVersion: 1,
    },
  ],
  newest: [
    {
      pk: 'PROJECT#gone',
      sk: 'NEWEST',
      project: 'gone',
      revision: 1,
      definition:
        '{"name":"gone","description":"","owners":["ada"],"data":{"format":"csv","primaryKey":"id","uploads":"append","maxUploadBytes":536870912,"columns":{"id":{"type":"string","nullable":false,"unique":false},"x":{"type":"number","nullable":false,"min":0,"unique":false},"y":{"type":"integer","nullable":false,"allowed":[0,1],"unique":false}},"checks":{"minRows":50,"maxQuarantinedShare":0.05,"unknownColumns":"ignore"}},"target":{"column":"y","task":"binary_classification","positiveClass":1},"excludeFeatures":[],"split":{"seed":17,"train":0.7,"validation":0.15,"test":0.15},"training":{"algorithm":"xgboost","hyperparameters":{},"resources":{"instanceType":"ml.m5.large","instanceCount":1,"volumeSizeGb":10},"spot":{"enabled":false,"maxWaitSeconds":7200},"limits":{"maxRuntimeSeconds":3600,"cooldownSeconds":0,"maxTrainingsPerDay":24},"onNewData":"never"},"gates":{"thresholds":[],"minTestRows":30},"approval":{"approvers":[],"quorum":1,"requesterMayApprove":true,"expiresAfterHours":168},"deployment":{"mode":"serverless","serverless":{"memorySizeMb":2048,"maxConcurrency":5},"instances":{"instanceType":"ml.m5.large","count":1},"canary":{"trafficShare":0.1,"bakeSeconds":300,"maxErrorRate":0.02,"maxP99LatencyMs":2000,"maxPredictionPsi":0.5},"graceSeconds":3600},"monitoring":{"windowPredictions":500,"windowMinutes":60,"minPredictions":50,"drift":{"psiThreshold":0.2,"maxPValue":0.01,"minDriftedShare":0.2},"retrainOn":["drift","performance"]}}',
      definitionSha256: 'eecf79377d468ec8514403239983859f37e08047f1faa58b5f19f8343cdf792a',
      appliedAt: '2026-11-28T01:40:00.691Z',
      appliedBy: 'ann',
      schemaVersion: 1,
      gsi1pk: 'PROJECTS',
      gsi1sk: 'gone',
    },
  ],
};
