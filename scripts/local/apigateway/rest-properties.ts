import * as z from 'zod';
import { accessLogSchema, ignored } from './template-values.ts';

/** Longest time a REST API waits for its integration. */
export const maxTimeoutMs = 29_000;

export const apiProperties = z.strictObject({
  Name: z.string(),
  ApiKeySourceType: z.enum(['HEADER', 'AUTHORIZER']).default('HEADER'),
  BinaryMediaTypes: z.array(z.string()).default([]),
  EndpointConfiguration: ignored,
  Description: ignored,
  Tags: ignored,
  FailOnWarnings: ignored,
  DisableExecuteApiEndpoint: z.literal(false).optional(),
});
export const resourceProperties = z.strictObject({
  RestApiId: z.string(),
  ParentId: z.string(),
  PathPart: z.string(),
});
export const methodProperties = z.strictObject({
  RestApiId: z.string(),
  ResourceId: z.string(),
  HttpMethod: z.string(),
  AuthorizationType: z
    .enum(['NONE', 'CUSTOM'], 'must be NONE or CUSTOM (a Lambda authorizer)')
    .default('NONE'),
  AuthorizerId: z.string().optional(),
  ApiKeyRequired: z.boolean().default(false),
  Integration: z.strictObject({
    Type: z.literal('AWS_PROXY', 'only Lambda proxy integrations are imitated'),
    Uri: z.string(),
    IntegrationHttpMethod: ignored,
    TimeoutInMillis: z.number().min(50).max(maxTimeoutMs).default(maxTimeoutMs),
    Credentials: z.string().optional(),
    IntegrationResponses: ignored,
  }),
  RequestValidatorId: z.string().optional(),
  RequestModels: z.record(z.string(), z.string()).default({}),
  RequestParameters: z.record(z.string(), z.boolean()).default({}),
  // With a Lambda proxy integration the function alone makes the response.
  MethodResponses: ignored,
  OperationName: ignored,
});
export const authorizerProperties = z.strictObject({
  RestApiId: z.string(),
  Name: z.string(),
  Type: z.enum(['REQUEST', 'TOKEN'], 'must be REQUEST or TOKEN (a Lambda authorizer)'),
  AuthorizerUri: z.string(),
  IdentitySource: z.string().default(''),
  AuthorizerResultTtlInSeconds: z.number().min(0).max(3600).default(300),
  AuthorizerCredentials: z.string().optional(),
});
export const stageProperties = z.strictObject({
  RestApiId: z.string(),
  StageName: z.string(),
  DeploymentId: ignored,
  MethodSettings: z
    .array(
      z.strictObject({
        ResourcePath: z.string(),
        HttpMethod: z.string(),
        ThrottlingRateLimit: z.number().optional(),
        ThrottlingBurstLimit: z.number().optional(),
        LoggingLevel: ignored,
        MetricsEnabled: ignored,
        DataTraceEnabled: ignored,
      }),
    )
    .default([]),
  AccessLogSetting: accessLogSchema,
  Variables: z.record(z.string(), z.string()).default({}),
  TracingEnabled: ignored,
  Description: ignored,
  Tags: ignored,
});
export const modelProperties = z.strictObject({
  RestApiId: z.string(),
  Name: z.string(),
  ContentType: ignored,
  Schema: z.unknown(),
  Description: ignored,
});
export const validatorProperties = z.strictObject({
  RestApiId: z.string(),
  Name: ignored,
  ValidateRequestBody: z.boolean().default(false),
  ValidateRequestParameters: z.boolean().default(false),
});
export const responseProperties = z.strictObject({
  RestApiId: z.string(),
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});
