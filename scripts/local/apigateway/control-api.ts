import { randomBytes } from 'node:crypto';
import * as z from 'zod';
import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { newKeyValue } from './key-provisioner.ts';
import type { KeyStore } from './key-store.ts';
import type { ApiKey, UsagePlan } from './model.ts';
import type { UsagePlans } from './usage-plans.ts';

/** The control API of REST APIs, as far as API keys are made and given to plans at run time. */
export interface ControlParts {
  readonly context: RuntimeContext;
  readonly keys: KeyStore;
  readonly plans: UsagePlans;
}

const createKeyInput = z.object({
  name: z.string().max(1024).optional(),
  description: z.string().optional(),
  enabled: z.boolean().default(false),
  value: z.string().min(20).max(128).optional(),
  tags: z.record(z.string(), z.string()).default({}),
});
const planKeyInput = z.object({ keyId: z.string(), keyType: z.literal('API_KEY') });

/** API Gateway's actions are the HTTP methods, its resources the paths. */
export function authorizeControl(parts: ControlParts, request: AwsRequest): readonly RequiredPermission[] {
  const resource = `arn:aws:apigateway:${parts.context.region}::${decodeURIComponent(request.rawPath)}`;
  return [{ action: `apigateway:${request.method}`, resource }];
}

export async function handleControl(parts: ControlParts, request: AwsRequest): Promise<AwsResponse> {
  const [, collection = '', id = '', sub = '', subId = ''] = request.rawPath
    .split('/')
    .map(decodeURIComponent);
  const shape = [request.method, collection, id && '{id}', sub, subId && '{keyId}'].filter(Boolean).join(' ');
  switch (shape) {
    case 'POST apikeys':
      return createKey(parts, request);
    case 'GET apikeys':
      return listKeys(parts, request);
    case 'GET apikeys {id}':
      return json(200, describeKey(findKey(parts, id), request.query.get('includeValue') === 'true'));
    case 'DELETE apikeys {id}':
      parts.keys.remove(findKey(parts, id).id);
      return { status: 202, body: '' };
    case 'GET usageplans':
      return json(200, { item: [...parts.plans.plans.values()].map(describePlan) });
    case 'GET usageplans {id}':
      return json(200, describePlan(findPlan(parts, id)));
    case 'POST usageplans {id} keys':
      return addKey(parts, request, findPlan(parts, id));
    case 'GET usageplans {id} keys':
      return json(200, {
        item: parts.keys
          .keysOfPlan(findPlan(parts, id).id)
          .map((keyId) => describePlanKey(findKey(parts, keyId))),
      });
    case 'DELETE usageplans {id} keys {keyId}':
      parts.keys.removeFromPlan(findPlan(parts, id).id, findKey(parts, subId).id);
      return { status: 202, body: '' };
    default:
      throw new AwsError(
        'NotImplemented',
        `The laptop runtime does not imitate API Gateway's ${request.method} ${request.rawPath}.`,
        501,
      );
  }
}

async function createKey(parts: ControlParts, request: AwsRequest): Promise<AwsResponse> {
  const input = await readInput(request, createKeyInput);
  const value = input.value ?? newKeyValue();
  if (parts.keys.byValue(value) !== undefined) {
    throw new AwsError('ConflictException', 'API Key already exists', 409);
  }
  const id = randomBytes(5).toString('hex');
  const key: ApiKey = {
    id,
    name: input.name ?? id,
    value,
    enabled: input.enabled,
    createdAtMs: parts.context.now(),
    tags: input.tags,
    ...(input.description !== undefined && { description: input.description }),
  };
  parts.keys.put(key);
  return json(201, describeKey(key, true));
}

function listKeys(parts: ControlParts, request: AwsRequest): AwsResponse {
  const namePrefix = request.query.get('name') ?? '';
  const includeValues = request.query.get('includeValues') === 'true';
  const limit = Number(request.query.get('limit') ?? 500);
  const start = Number(request.query.get('position') ?? 0);
  const matching = parts.keys.list().filter(({ name }) => name.startsWith(namePrefix));
  const page = matching.slice(start, start + limit);
  return json(200, {
    item: page.map((key) => describeKey(key, includeValues)),
    ...(start + limit < matching.length && { position: String(start + limit) }),
  });
}

async function addKey(parts: ControlParts, request: AwsRequest, plan: UsagePlan): Promise<AwsResponse> {
  const input = await readInput(request, planKeyInput);
  const key = findKey(parts, input.keyId);
  if (parts.keys.keysOfPlan(plan.id).includes(key.id)) {
    throw new AwsError('ConflictException', `Usage Plan Key for key ${key.id} already exists`, 409);
  }
  parts.keys.addToPlan(plan.id, key.id);
  return json(201, describePlanKey(key));
}

function findKey(parts: ControlParts, id: string): ApiKey {
  const key = parts.keys.get(id);
  if (key === undefined) throw new AwsError('NotFoundException', 'Invalid API Key identifier specified', 404);
  return key;
}

function findPlan(parts: ControlParts, id: string): UsagePlan {
  const plan = parts.plans.plans.get(id);
  if (plan === undefined) throw new AwsError('NotFoundException', 'Invalid Usage Plan ID specified', 404);
  return plan;
}

async function readInput<Schema extends z.ZodType>(
  request: AwsRequest,
  schema: Schema,
): Promise<z.output<Schema>> {
  const text = (await request.bytes()).toString() || '{}';
  const parsed = schema.safeParse(JSON.parse(text));
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new AwsError('BadRequestException', `Invalid ${issue?.path.join('.') ?? 'body'}: ${issue?.message}`);
}

function describeKey(key: ApiKey, includeValue: boolean): object {
  return {
    id: key.id,
    name: key.name,
    enabled: key.enabled,
    createdDate: Math.floor(key.createdAtMs / 1000),
    lastUpdatedDate: Math.floor(key.createdAtMs / 1000),
    stageKeys: [],
    tags: key.tags,
    ...(key.description !== undefined && { description: key.description }),
    ...(includeValue && { value: key.value }),
  };
}

function describePlan(plan: UsagePlan): object {
  return {
    id: plan.id,
    name: plan.name,
    apiStages: plan.stages.map(({ apiId, stage, throttles }) => ({ apiId, stage, throttle: throttles })),
    throttle: plan.throttle,
    ...(plan.description !== undefined && { description: plan.description }),
    ...(plan.quota !== undefined && { quota: plan.quota }),
  };
}

function describePlanKey(key: ApiKey): object {
  return { id: key.id, type: 'API_KEY', name: key.name };
}

function json(status: number, body: object): AwsResponse {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
