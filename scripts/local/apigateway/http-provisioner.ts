import * as z from 'zod';
import type { ProvisionedResource, ResourceDeclaration, RuntimeContext } from '../emulated-service.ts';
import { parseProperties, stableId } from '../resource-properties.ts';
import type { ApiRegistry } from './api-registry.ts';
import type { CorsConfiguration, Throttle } from './model.ts';
import { accessLogSchema, ignored, readAccessLog, readTarget } from './template-values.ts';

/** Longest time an HTTP API waits for its integration. */
const maxTimeoutMs = 30_000;
/** An authorizer's function may take this long. */
const authorizerTimeoutMs = 10_000;

const apiProperties = z.strictObject({
  Name: z.string(),
  ProtocolType: z.literal('HTTP', 'only HTTP APIs are imitated'),
  CorsConfiguration: z
    .strictObject({
      AllowOrigins: z.array(z.string()).default([]),
      AllowMethods: z.array(z.string()).default([]),
      AllowHeaders: z.array(z.string()).default([]),
      ExposeHeaders: z.array(z.string()).default([]),
      AllowCredentials: z.boolean().default(false),
      MaxAge: z.number().optional(),
    })
    .optional(),
  Description: ignored,
  Tags: ignored,
  DisableExecuteApiEndpoint: z.literal(false).optional(),
});
const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY', 'only Lambda proxy integrations are imitated'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.enum(['1.0', '2.0']),
  IntegrationMethod: ignored,
  TimeoutInMillis: z.number().min(50).max(maxTimeoutMs).default(maxTimeoutMs),
  CredentialsArn: z.string().optional(),
  ConnectionType: z.literal('INTERNET').optional(),
  Description: ignored,
});
const routeProperties = z.strictObject({
  ApiId: z.string(),
  RouteKey: z.string().regex(/^(\$default|[A-Z]+ \/\S*)$/),
  Target: z.string().startsWith('integrations/'),
  AuthorizationType: z
    .enum(['NONE', 'CUSTOM', 'AWS_IAM'], 'must be NONE, CUSTOM (a Lambda authorizer) or AWS_IAM')
    .default('NONE'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: z.literal(false).optional(),
  OperationName: ignored,
});
const authorizerProperties = z.strictObject({
  ApiId: z.string(),
  Name: z.string(),
  AuthorizerType: z.literal('REQUEST', 'only Lambda (REQUEST) authorizers are imitated'),
  AuthorizerUri: z.string(),
  AuthorizerPayloadFormatVersion: z.enum(['1.0', '2.0']),
  EnableSimpleResponses: z.boolean().default(false),
  IdentitySource: z.array(z.string()).default([]),
  AuthorizerResultTtlInSeconds: z.number().min(0).max(3600).default(0),
  AuthorizerCredentialsArn: z.string().optional(),
});
const routeSettings = z.strictObject({
  ThrottlingBurstLimit: z.number().optional(),
  ThrottlingRateLimit: z.number().optional(),
  DetailedMetricsEnabled: ignored,
});
const stageProperties = z.strictObject({
  ApiId: z.string(),
  StageName: z.string(),
  AutoDeploy: ignored,
  DeploymentId: ignored,
  DefaultRouteSettings: routeSettings.optional(),
  RouteSettings: z.record(z.string(), routeSettings).default({}),
  StageVariables: z.record(z.string(), z.string()).default({}),
  AccessLogSettings: accessLogSchema,
  Description: ignored,
  Tags: ignored,
});

type Provision = (resource: ResourceDeclaration) => ProvisionedResource;

/** How each AWS::ApiGatewayV2 type becomes a part of an HTTP API. */
export function httpProvisioners(
  context: RuntimeContext,
  registry: ApiRegistry,
): Readonly<Record<string, Provision>> {
  return {
    'AWS::ApiGatewayV2::Api': (resource) => {
      const read = parseProperties(resource, apiProperties);
      const id = stableId(resource, 10);
      const cors = read.CorsConfiguration && readCors(read.CorsConfiguration);
      registry.httpApis.set(id, { id, name: read.Name, ...(cors !== undefined && { cors }) });
      return { ref: id, attributes: { ApiId: id, ApiEndpoint: context.platformUrl } };
    },
    'AWS::ApiGatewayV2::Integration': (resource) => {
      const read = parseProperties(resource, integrationProperties);
      const id = stableId(resource, 7);
      registry.httpIntegrations.set(id, {
        target: readTarget(resource, read.IntegrationUri, read.TimeoutInMillis, read.CredentialsArn),
        payloadFormatVersion: read.PayloadFormatVersion,
      });
      return { ref: id, attributes: { IntegrationId: id } };
    },
    'AWS::ApiGatewayV2::Route': (resource) => {
      const read = parseProperties(resource, routeProperties);
      const id = stableId(resource, 7);
      registry.httpRoutes.set(id, {
        apiId: read.ApiId,
        routeKey: read.RouteKey,
        integrationId: read.Target.replace('integrations/', ''),
        asksIam: read.AuthorizationType === 'AWS_IAM',
        ...(read.AuthorizationType === 'CUSTOM' &&
          read.AuthorizerId !== undefined && { authorizerId: read.AuthorizerId }),
      });
      return { ref: id, attributes: { RouteId: id } };
    },
    'AWS::ApiGatewayV2::Authorizer': (resource) => provisionAuthorizer(resource, registry),
    'AWS::ApiGatewayV2::Stage': (resource) => provisionStage(resource, registry),
  };
}

function provisionAuthorizer(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, authorizerProperties);
  const id = stableId(resource, 6);
  registry.httpAuthorizers.set(id, {
    id,
    apiId: read.ApiId,
    target: readTarget(resource, read.AuthorizerUri, authorizerTimeoutMs, read.AuthorizerCredentialsArn),
    payloadFormatVersion: read.AuthorizerPayloadFormatVersion,
    simpleResponses: read.EnableSimpleResponses,
    identitySources: read.IdentitySource,
    ttlSeconds: read.AuthorizerResultTtlInSeconds,
  });
  return { ref: id, attributes: { AuthorizerId: id } };
}

function provisionStage(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, stageProperties);
  const own = Object.entries(read.RouteSettings).map(
    ([key, settings]) => [key, readThrottle(settings)] as const,
  );
  const all =
    read.DefaultRouteSettings === undefined
      ? []
      : [['* *', readThrottle(read.DefaultRouteSettings)] as const];
  registry.stages.set(`${read.ApiId} ${read.StageName}`, {
    apiId: read.ApiId,
    name: read.StageName,
    variables: read.StageVariables,
    throttles: Object.fromEntries([...own, ...all]),
    ...readAccessLog(read.AccessLogSettings),
  });
  return { ref: read.StageName, attributes: {} };
}

function readCors(read: NonNullable<z.output<typeof apiProperties>['CorsConfiguration']>): CorsConfiguration {
  return {
    allowOrigins: read.AllowOrigins,
    allowMethods: read.AllowMethods,
    allowHeaders: read.AllowHeaders,
    exposeHeaders: read.ExposeHeaders,
    allowCredentials: read.AllowCredentials,
    ...(read.MaxAge !== undefined && { maxAgeSeconds: read.MaxAge }),
  };
}

function readThrottle(settings: z.output<typeof routeSettings>): Throttle {
  return {
    ...(settings.ThrottlingRateLimit !== undefined && { rateLimit: settings.ThrottlingRateLimit }),
    ...(settings.ThrottlingBurstLimit !== undefined && { burstLimit: settings.ThrottlingBurstLimit }),
  };
}
