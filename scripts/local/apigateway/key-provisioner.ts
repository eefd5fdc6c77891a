import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import type { ProvisionedResource, ResourceDeclaration, RuntimeContext } from '../emulated-service.ts';
import { parseProperties, stableId } from '../resource-properties.ts';
import type { KeyStore } from './key-store.ts';
import type { Throttle } from './model.ts';
import { ignored } from './template-values.ts';
import type { UsagePlans } from './usage-plans.ts';

const throttleSchema = z.strictObject({
  RateLimit: z.number().min(0).optional(),
  BurstLimit: z.number().int().min(0).optional(),
});
const keyProperties = z.strictObject({
  Name: z.string().optional(),
  Value: z.string().min(20).max(128).optional(),
  Enabled: z.boolean().default(false),
  Description: z.string().optional(),
  GenerateDistinctId: ignored,
  StageKeys: z.array(z.never('stage keys are deprecated; use a usage plan')).default([]),
  Tags: z.array(z.object({ Key: z.string(), Value: z.string() })).default([]),
});
const planProperties = z.strictObject({
  UsagePlanName: z.string(),
  Description: z.string().optional(),
  ApiStages: z
    .array(
      z.strictObject({
        ApiId: z.string(),
        Stage: z.string(),
        Throttle: z.record(z.string(), throttleSchema).default({}),
      }),
    )
    .default([]),
  Throttle: throttleSchema.default({}),
  Quota: z
    .strictObject({
      Limit: z.number().int().positive(),
      Offset: z.number().int().min(0).default(0),
      Period: z.enum(['DAY', 'WEEK', 'MONTH']),
    })
    .optional(),
  Tags: ignored,
});
const planKeyProperties = z.strictObject({
  KeyId: z.string(),
  KeyType: z.literal('API_KEY'),
  UsagePlanId: z.string(),
});

type Provision = (resource: ResourceDeclaration) => ProvisionedResource;

/** How API keys and usage plans of the templates come to be; keys keep their value over restarts. */
export function keyProvisioners(
  context: RuntimeContext,
  keys: KeyStore,
  plans: UsagePlans,
): Readonly<Record<string, Provision>> {
  return {
    'AWS::ApiGateway::ApiKey': (resource) => {
      const read = parseProperties(resource, keyProperties);
      const id = stableId(resource, 10);
      const before = keys.get(id);
      keys.put({
        id,
        name: read.Name ?? `${resource.logicalId}-${id}`,
        value: read.Value ?? before?.value ?? newKeyValue(),
        enabled: read.Enabled,
        createdAtMs: before?.createdAtMs ?? context.now(),
        tags: Object.fromEntries(read.Tags.map(({ Key, Value }) => [Key, Value])),
        ...(read.Description !== undefined && { description: read.Description }),
      });
      return { ref: id, attributes: { APIKeyId: id } };
    },
    'AWS::ApiGateway::UsagePlan': (resource) => {
      const read = parseProperties(resource, planProperties);
      const id = stableId(resource, 6);
      plans.plans.set(id, {
        id,
        name: read.UsagePlanName,
        throttle: readThrottle(read.Throttle),
        stages: read.ApiStages.map((stage) => ({
          apiId: stage.ApiId,
          stage: stage.Stage,
          throttles: Object.fromEntries(
            Object.entries(stage.Throttle).map(([method, throttle]) => [method, readThrottle(throttle)]),
          ),
        })),
        ...(read.Description !== undefined && { description: read.Description }),
        ...(read.Quota !== undefined && {
          quota: { limit: read.Quota.Limit, offset: read.Quota.Offset, period: read.Quota.Period },
        }),
      });
      return { ref: id, attributes: { Id: id } };
    },
    'AWS::ApiGateway::UsagePlanKey': (resource) => {
      const read = parseProperties(resource, planKeyProperties);
      keys.addToPlan(read.UsagePlanId, read.KeyId);
      const id = `${read.KeyId}:${read.UsagePlanId}`;
      return { ref: id, attributes: { Id: id } };
    },
  };
}

/** A fresh API key value: 40 letters and digits, as API Gateway makes them. */
export function newKeyValue(): string {
  return randomBytes(20).toString('hex');
}

function readThrottle(read: z.output<typeof throttleSchema>): Throttle {
  return {
    ...(read.RateLimit !== undefined && { rateLimit: read.RateLimit }),
    ...(read.BurstLimit !== undefined && { burstLimit: read.BurstLimit }),
  };
}
