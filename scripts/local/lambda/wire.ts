import {
  AwsError,
  type AwsRequest,
  type AwsResponse,
  type RequiredPermission,
  type RuntimeContext,
} from '../emulated-service.ts';
import { getAlias, listAliases, updateAlias } from './alias-operations.ts';
import type { Aliases } from './aliases.ts';
import type { AsyncInvocations } from './async-invocations.ts';
import type { MappingConfig } from './event-source-mapping.ts';
import type { FunctionConfig } from './function-config.ts';
import type { Invoker } from './invoker.ts';
import { readOperation } from './operation.ts';
import type { Publications } from './publications.ts';

/** What the wire API needs of the service. */
export interface WireParts {
  readonly context: RuntimeContext;
  readonly invoker: Invoker;
  readonly asyncInvocations: AsyncInvocations;
  readonly aliases: Aliases;
  readonly publications: Publications;
  mappings(): readonly MappingConfig[];
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
  const { catalogue } = parts.invoker;
  switch (operation.name) {
    case 'Invoke':
      return invoke(parts, request, operation.functionName);
    case 'GetFunction': {
      const config = resolve(parts, request, operation.functionName);
      return json({
        Configuration: describe(config, qualifiedArn(parts, request, operation.functionName)),
        Code: { RepositoryType: 'S3', Location: config.codeKey },
        ...(config.reservedConcurrency !== undefined && {
          Concurrency: { ReservedConcurrentExecutions: config.reservedConcurrency },
        }),
      });
    }
    case 'GetFunctionConfiguration':
      return json(
        describe(
          resolve(parts, request, operation.functionName),
          qualifiedArn(parts, request, operation.functionName),
        ),
      );
    case 'ListFunctions':
      return json({ Functions: catalogue.list().map((config) => describe(config, config.arn)) });
    case 'ListVersionsByFunction':
      return json({ Versions: listVersions(parts, operation.functionName) });
    case 'ListAliases':
      return json(listAliases(catalogue, parts.aliases, operation.functionName));
    case 'GetAlias':
      return json(getAlias(catalogue, parts.aliases, operation.functionName, operation.alias));
    case 'UpdateAlias':
      return json(await updateAlias(catalogue, parts.aliases, request, operation));
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
  return parts.invoker.catalogue.primaryConfig(functionName, request.query.get('Qualifier') ?? undefined);
}

function qualifiedArn(parts: WireParts, request: AwsRequest, functionName: string): string {
  return parts.invoker.catalogue.arnOf(functionName, request.query.get('Qualifier') ?? undefined);
}

/** All at once: no function has so many versions that a page would end. */
function listVersions({ invoker, publications }: WireParts, functionName: string): readonly object[] {
  const latest = invoker.catalogue.primaryConfig(functionName);
  return [latest, ...publications.versions(latest.name)].map((config) =>
    describe(config, `${config.arn}:${config.version}`),
  );
}

function describe(config: FunctionConfig, functionArn: string): object {
  return {
    FunctionName: config.name,
    FunctionArn: functionArn,
    Runtime: config.runtime,
    Role: config.roleArn,
    Handler: config.handler,
    Description: config.description,
    Timeout: config.timeoutSeconds,
    MemorySize: config.memorySizeMb,
    CodeSha256: config.codeKey,
    Version: config.version,
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
