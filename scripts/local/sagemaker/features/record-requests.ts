import type * as z from 'zod';
import type { AwsRequest, AwsResponse, RequiredPermission, RuntimeContext } from '../../emulated-service.ts';
import { AwsError } from '../../emulated-service.ts';
import {
  batchGetRecordInput,
  deleteRecordInput,
  getRecordInput,
  putRecordInput,
} from '../api/feature-inputs.ts';
import { parseInput } from '../api/validation.ts';
import { resourceArn } from '../arns.ts';
import { groupNameOf } from './feature-groups.ts';
import type { FeatureRecords } from './feature-records.ts';

const GROUP_PATH = /^\/FeatureGroup\/([^/]+)$/;
type Input = Readonly<Record<string, unknown>>;

/** One operation of the feature store's runtime, which speaks REST where SageMaker itself takes a target. */
interface RecordOperation {
  readonly action: string;
  readonly input: Input;
  run(records: FeatureRecords): object | undefined;
}

/** The operation that a request asks for; undefined where the path is none of the feature store's. */
export async function recordOperation(request: AwsRequest): Promise<RecordOperation | undefined> {
  const { method, rawPath } = request;
  if (method === 'POST' && rawPath === '/BatchGetRecord')
    return operation('BatchGetRecord', await bodyOf(request), batchGetRecordInput, (records, input) =>
      records.batchGet(input),
    );
  const group = GROUP_PATH.exec(rawPath)?.[1];
  if (group === undefined) return undefined;
  const named = { FeatureGroupName: decodeURIComponent(group) };
  if (method === 'PUT')
    return operation(
      'PutRecord',
      { ...(await bodyOf(request)), ...named },
      putRecordInput,
      (records, input) => void records.put(input),
    );
  const input = { ...named, ...queryOf(request.query) };
  if (method === 'GET')
    return operation('GetRecord', input, getRecordInput, (records, one) => records.get(one));
  return method === 'DELETE'
    ? operation('DeleteRecord', input, deleteRecordInput, (records, one) => void records.delete(one))
    : undefined;
}

function operation<T>(
  action: string,
  input: Input,
  schema: z.ZodType<T>,
  run: (records: FeatureRecords, input: T) => object | undefined,
): RecordOperation {
  return { action, input, run: (records) => run(records, parsed(schema, input)) };
}

/** This API calls its errors by other names than the rest of SageMaker. */
function parsed<T>(schema: z.ZodType<T>, input: unknown): T {
  try {
    return parseInput(schema, input);
  } catch (error) {
    throw error instanceof AwsError ? new AwsError('ValidationError', error.message) : error;
  }
}

/** What the caller must be allowed to do: on each of the groups that are named. */
export function recordPermissions(
  context: RuntimeContext,
  { action, input }: RecordOperation,
): RequiredPermission[] {
  const identifiers = Array.isArray(input['Identifiers']) ? (input['Identifiers'] as Input[]) : [input];
  return identifiers.map((named) => ({
    action: `sagemaker:${action}`,
    resource: resourceArn(context, 'feature-group', groupNameOf(String(named?.['FeatureGroupName'] ?? ''))),
  }));
}

export function recordAnswer(operation: RecordOperation, records: FeatureRecords): AwsResponse {
  const body = operation.run(records);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    ...(body ? { body: JSON.stringify(body) } : {}),
  };
}

async function bodyOf(request: AwsRequest): Promise<Record<string, unknown>> {
  try {
    const body: unknown = JSON.parse((await request.bytes()).toString('utf8'));
    if (typeof body === 'object' && body !== null && !Array.isArray(body))
      return body as Record<string, unknown>;
  } catch {
    // Falls through to the error that the service gives for anything but an object.
  }
  throw new AwsError('SerializationException', 'The request body is not a JSON object.');
}

function queryOf(query: URLSearchParams): Input {
  const lists: Readonly<Record<string, string>> = {
    FeatureName: 'FeatureNames',
    TargetStores: 'TargetStores',
  };
  return Object.fromEntries(
    [...new Set(query.keys())]
      .filter((name) => name !== 'x-id')
      .map((name) => (lists[name] ? [lists[name], query.getAll(name)] : [name, query.get(name)])),
  );
}
