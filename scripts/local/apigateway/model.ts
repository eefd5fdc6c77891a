/** Steady rate in requests a second and the size of a burst; absent parts are unlimited. */
export interface Throttle {
  readonly rateLimit?: number;
  readonly burstLimit?: number;
}

/** A Lambda function behind a route or an authorizer. */
export interface FunctionTarget {
  readonly functionArn: string;
  /** Role that API Gateway assumes for the call; absent: the function's resource policy decides. */
  readonly credentialsArn?: string;
  readonly timeoutMs: number;
}

export interface AccessLog {
  readonly logGroupName: string;
  /** Text with `$context.…` variables. */
  readonly format: string;
}

export interface CorsConfiguration {
  readonly allowOrigins: readonly string[];
  readonly allowMethods: readonly string[];
  readonly allowHeaders: readonly string[];
  readonly exposeHeaders: readonly string[];
  readonly allowCredentials: boolean;
  readonly maxAgeSeconds?: number;
}

export interface HttpAuthorizer {
  readonly id: string;
  readonly apiId: string;
  readonly target: FunctionTarget;
  readonly payloadFormatVersion: '1.0' | '2.0';
  readonly simpleResponses: boolean;
  /** Selection expressions such as `$request.header.Authorization`; empty: the function is always asked. */
  readonly identitySources: readonly string[];
  readonly ttlSeconds: number;
}

export interface HttpRoute {
  readonly apiId: string;
  /** `GET /pets/{id}` or `$default`. */
  readonly routeKey: string;
  readonly integrationId: string;
  readonly authorizerId?: string;
  /** AWS_IAM: requests are signed by a principal that may invoke the route. */
  readonly asksIam: boolean;
}

export interface HttpIntegration {
  readonly target: FunctionTarget;
  readonly payloadFormatVersion: '1.0' | '2.0';
}

/** A stage of either kind of API. */
export interface Stage {
  readonly apiId: string;
  readonly name: string;
  readonly variables: Readonly<Record<string, string>>;
  /** By `<METHOD> <path>`, `* *` for all. */
  readonly throttles: Readonly<Record<string, Throttle>>;
  readonly accessLog?: AccessLog;
}

export interface HttpApi {
  readonly id: string;
  readonly name: string;
  readonly cors?: CorsConfiguration;
}

export interface RestApi {
  readonly id: string;
  readonly name: string;
  readonly rootResourceId: string;
  readonly apiKeySource: 'HEADER' | 'AUTHORIZER';
  readonly binaryMediaTypes: readonly string[];
}

export interface RestResource {
  readonly id: string;
  readonly apiId: string;
  readonly parentId: string;
  readonly pathPart: string;
}

export interface RestMethod {
  readonly apiId: string;
  readonly resourceId: string;
  readonly httpMethod: string;
  readonly target: FunctionTarget;
  readonly authorizerId?: string;
  readonly apiKeyRequired: boolean;
  readonly validatorId?: string;
  /** Required `method.request.{header,querystring,path}.<name>` parameters. */
  readonly requiredParameters: readonly string[];
  /** Model name by content type. */
  readonly requestModels: Readonly<Record<string, string>>;
}

export interface RestAuthorizer {
  readonly id: string;
  readonly apiId: string;
  readonly type: 'REQUEST' | 'TOKEN';
  readonly target: FunctionTarget;
  /** `method.request.header.<name>` and the like; empty: the function is always asked. */
  readonly identitySources: readonly string[];
  readonly ttlSeconds: number;
}

export interface RequestValidator {
  readonly validateBody: boolean;
  readonly validateParameters: boolean;
}

/** A changed answer of the gateway itself (AWS::ApiGateway::GatewayResponse). */
export interface GatewayResponseOverride {
  readonly statusCode?: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Template of the JSON body with `$context.…` variables. */
  readonly template?: string;
}

export interface ApiKey {
  readonly id: string;
  readonly name: string;
  readonly value: string;
  readonly enabled: boolean;
  readonly description?: string;
  readonly createdAtMs: number;
  readonly tags: Readonly<Record<string, string>>;
}

export interface UsagePlan {
  readonly id: string;
  readonly name: string;
  readonly description?: string;
  readonly throttle: Throttle;
  readonly quota?: {
    readonly limit: number;
    readonly offset: number;
    readonly period: 'DAY' | 'WEEK' | 'MONTH';
  };
  readonly stages: readonly {
    readonly apiId: string;
    readonly stage: string;
    /** By `<path>/<METHOD>`. */
    readonly throttles: Readonly<Record<string, Throttle>>;
  }[];
}
