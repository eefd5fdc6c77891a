import * as z from 'zod';

/** Part `approval` of a project file: who lets a model into service. */
export const approval = z
  .strictObject({
    approvers: z
      .array(z.string())
      .max(50)
      .default([])
      .describe('Identities with the role approver that may decide; empty: everyone with that role.'),
    quorum: z.int().min(1).max(10).default(1).describe('Approvals needed, one per identity.'),
    requesterMayApprove: z
      .boolean()
      .default(true)
      .describe('Whether who caused the training may approve its model.'),
    unevaluatedVersions: z
      .enum(['refuse', 'ask'])
      .default('refuse')
      .describe(
        'What becomes of versions that clients register and the platform cannot evaluate, as they take the columns in another order: their release ends, or people decide on it.',
      ),
    expiresAfterHours: z.number().gt(0).max(8760).default(168).describe('Then the release ends undeployed.'),
  })
  .prefault({})
  .describe('Who lets a model into service.');

/** Part `deployment`: how an approved model goes into service. */
export const deployment = z
  .strictObject({
    mode: z
      .enum(['serverless', 'instances'])
      .default('serverless')
      .describe('What an endpoint runs on; serverless costs nothing while idle.'),
    serverless: z
      .strictObject({
        memorySizeMb: z
          .union([
            z.literal(1024),
            z.literal(2048),
            z.literal(3072),
            z.literal(4096),
            z.literal(5120),
            z.literal(6144),
          ])
          .default(2048)
          .describe('Memory of the endpoint.'),
        maxConcurrency: z.int().min(1).max(200).default(5).describe('Requests that it answers at once.'),
      })
      .prefault({})
      .describe('For mode serverless.'),
    instances: z
      .strictObject({
        instanceType: z
          .string()
          .regex(/^ml\.[a-z0-9-]+\.[a-z0-9-]+$/, 'must be a SageMaker instance type such as ml.m5.large')
          .default('ml.m5.large')
          .describe('SageMaker instance type.'),
        count: z.int().min(1).max(100).default(1).describe('Instances of the endpoint.'),
      })
      .prefault({})
      .describe('For mode instances.'),
    canary: z
      .strictObject({
        trafficShare: z
          .number()
          .gt(0)
          .max(0.5)
          .default(0.1)
          .describe('Share of traffic that the new version gets while it bakes.'),
        bakeSeconds: z.int().min(5).max(86_400).default(300).describe('How long it bakes.'),
        maxErrorRate: z
          .number()
          .min(0)
          .max(1)
          .default(0.02)
          .describe('Share of requests whose endpoint may fail.'),
        maxP99LatencyMs: z
          .number()
          .gt(0)
          .default(2000)
          .describe('99th percentile of the endpoint’s answers.'),
        maxPredictionPsi: z
          .number()
          .gt(0)
          .default(0.5)
          .describe(
            'Population stability index of the canary’s predictions against the reference; judged from 50 predictions on.',
          ),
      })
      .prefault({})
      .describe('How a new version proves itself; an alarm rolls it back.'),
    graceSeconds: z
      .int()
      .min(0)
      .max(604_800)
      .default(3600)
      .describe('How long an endpoint without traffic is kept, so that one can go back.'),
  })
  .prefault({})
  .describe('How an approved model goes into service.');
