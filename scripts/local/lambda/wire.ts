import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import type { FunctionConfig } from './function-config.ts';
import type { Invoker } from './invoker.ts';

/** What the wire API needs of the service. */
export interface WireParts {
  readonly context: RuntimeContext;
  readonly invoker: Invoker;
  readonly asyncInvocations: AsyncInvocations;
  mappings(): readonly MappingConfig[];
}

type Operation =
  | { readonly name: 'Invoke' | 'GetFunction' | 'GetFunctionConfiguration'; readonly functionName: string }
  | { readonly name: 'ListFunctions' | 'ListEventSourceMappings' };

/**
 * Tells the operation from method and path (REST-JSON API of 2015-03-31).
 * @throws AwsError NotImplemented (501) naming method and path
 */
function readOperation(request: AwsRequest): Operation {
  const route = `${request.method} ${request.rawPath.replace(/\/$/, '')}`;
  const invoke = /^POST \/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(route);
  if (invoke !== null) return { name: 'Invoke', functionName: decodeURIComponent(invoke[1] ?? '') };
  const get = /^GET \/2015-03-31\/functions\/([^/]+)(\/configuration)?$/.exec(route);
  if (get !== null) {
    const functionName = decodeURIComponent(get[1] ?? '');
    return { name: get[2] === undefined ? 'GetFunction' : 'GetFunctionConfiguration', functionName };
  }
  if (route === 'GET /2015-03-31/functions') return { name: 'ListFunctions' };
  if (route === 'GET /2015-03-31/event-source-mappings') return { name: 'ListEventSourceMappings' };
  throw new AwsError('NotImplemented', `The laptop runtime does not imitate Lambda's ${route}.`, 501);
}

export function authorizeRequest(parts: WireParts, request: AwsRequest): readonly RequiredPermission[] {
  const operation = readOperation(request);
  if (!('functionName' in operation)) return [{ action: `lambda:${operation.name}`, resource: '*' }];
  const action = operation.name === 'Invoke' ? 'InvokeFunction' : operation.name;
  const qualifier = request.query.get('Qualifier') ?? undefined;
  const resource = parts.invoker.catalogue.arnOf(operation.functionName, qualifier);
  return [{ action: `lambda:${action}`, resource }];
}

export async function handleRequest(parts: WireParts, request: AwsRequest): Promise<AwsResponse> {
  const operation = readOperation(request);
  switch (operation.name) {
    case 'Invoke':
      return invoke(parts, request, operation.functionName);
    case 'GetFunction': {
      const config = resolve(parts, request, operation.functionName);
      return json({
        Configuration: describe(config),
        Code: { RepositoryType: 'S3', Location: config.codeKey },
        ...(config.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: config.reservedConcurrency },
        }),
      });
    }
    case 'GetFunctionConfiguration':
      return json(describe(resolve(parts, request, operation.functionName)));
    case 'ListFunctions':
      return json({ Functions: parts.invoker.catalogue.list().map(describe) });
    case 'ListEventSourceMappings':
      return json({ EventSourceMappings: listMappings(parts, request) });
  }
}

async function invoke(parts: WireParts, request: AwsRequest, functionName: string): Promise<AwsResponse> {
  const target = parts.invoker.catalogue.resolve(functionName, request.query.get('Qualifier') ?? undefined);
  const type = request.headers['x-amz-invocation-type'] ?? 'RequestResponse';
  if (request.headers['x-amz-log-type'] === 'Tail') {
    throw new AwsError('NotImplemented', 'LogType Tail is not imitated; read the log group instead.', 501);
  }
  const payload = await request.bytes();
  assertJson(payload);
  if (type === 'DryRun') return { status: 204 };
  if (type === 'Event') {
    await parts.asyncInvocations.accept(target, payload.length === 0 ? '{}' : payload.toString());
    return { status: 202, body: '' };
  }
  if (type !== 'RequestResponse') {
    throw new AwsError(
      'InvalidParameterValueException',
      `Invocation type ${type} is not one of RequestResponse, Event, DryRun`,
    );
  }
  const clientContext = request.headers['x-amz-client-context'];
  const result = await parts.invoker.run(target, payload, {
    lane: 'interactive',
    mayWait: false,
    ...(clientContext !== undefined && {
      clientContext: Buffer.from(clientContext, 'base64').toString(),
    }),
  });
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'x-amz-executed-version': result.executedVersion,
      ...(result.failed && { 'x-amz-function-error': 'Unhandled' }),
    },
    body: result.body,
  };
}

function assertJson(payload: Buffer): void {
  if (payload.length === 0) return;
  try {
    JSON.parse(payload.toString());
  } catch (error) {
    throw new AwsError(
      'InvalidRequestContentException',
      `Could not parse request body into json: ${String(error)}`,
      400,
      { Type: 'User' },
    );
  }
}

function resolve(parts: WireParts, request: AwsRequest, functionName: string): FunctionConfig {
  return parts.invoker.catalogue.resolve(functionName, request.query.get('Qualifier') ?? undefined).config;
}

function describe(config: FunctionConfig): object {
  return {
    FunctionName: config.name,
    FunctionArn: config.arn,
    Runtime: config.runtime,
    Role: config.roleArn,
    Handler: config.handler,
    Description: config.description,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memorySizeMb,
    CodeSha256: config.codeKey,
    Version: '$LATEST',
    Environment: { Variables: config.environment },
    Layers: config.layerArns.map((Arn) => ({ Arn })),
    Architectures: config.architectures,
    PackageType: 'Zip',
    State: 'Active',
    LastUpdateStatus: 'Successful',
    TracingConfig: { Mode: config.tracingActive ? 'Active' : 'PassThrough' },
    LoggingConfig: { LogFormat: config.logFormat, LogGroup: config.logGroupName },
    ...(config.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: config.deadLetterArn } }),
  };
}

function listMappings(parts: WireParts, request: AwsRequest): readonly object[] {
  const functionName = request.query.get('FunctionName');
  const sourceArn = request.query.get('EventSourceArn');
  const functionArn = functionName === null ? undefined : parts.invoker.catalogue.arnOf(functionName);
  return parts
    .mappings()
    .filter((mapping) => functionArn === undefined || mapping.functionArn === functionArn)
    .filter((mapping) => sourceArn === null || mapping.eventSourceArn === sourceArn)
    .map((mapping) => ({
      UUID: mapping.uuid,
      EventSourceArn: mapping.eventSourceArn,
      FunctionArn: mapping.functionArn,
      BatchSize: mapping.batchSize,
      MaximumBatchingWindowInSeconds: mapping.batchingWindowSeconds,
      State: mapping.enabled ? 'Enabled' : 'Disabled',
    }));
}

function json(body: object): AwsResponse {
  return { status: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
