import { CfnIntegration, CfnRoute } from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { acceptRisk } from './accepted-risk.ts';
import { liveAlias, permitApi } from './live-alias.ts';
import { mlflowSettingsOf } from './mlflow-settings.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

export interface HttpEndpointsOptions {
  /** Routes such as `GET /` that answer without a token, with the reason why. */
  readonly publicRoutes?: { readonly keys: readonly string[]; readonly reason: string };
  /** Routes of a protocol that is not ours, such as `ANY /api/{proxy+}`, behind the authorizer; the function tells its operations apart. They exist again below `/iam` where the stage has `iamGrants`. */
  readonly protocolRoutes?: readonly string[];
}

/** The endpoints of a service, each on the API that its definition names, all answered by one function. */
export class HttpEndpoints extends Construct {
  constructor(
    stack: ServiceStack,
    endpoints: readonly EndpointDefinition[],
    target: ServiceFunction,
    options: HttpEndpointsOptions = {},
  ) {
    super(target, 'Endpoints');
    const { api } = stack.platform;
    const live = liveAlias(stack, target);
    const keys = [
      ...endpoints.filter((endpoint) => endpoint.api === 'platform').map(routeKey),
      ...(options.protocolRoutes ?? []),
    ];
    const publicKeys = options.publicRoutes?.keys ?? [];
    if (options.protocolRoutes) {
      for (const [name, value] of Object.entries(mlflowSettingsOf(stack.platform.config)))
        target.addEnvironment(name, value);
    }
    if (keys.length + publicKeys.length > 0) {
      const integration = new CfnIntegration(this, 'Integration', {
        apiId: api.httpApiId,
        integrationType: 'AWS_PROXY',
        integrationUri: live.functionArn,
        payloadFormatVersion: '2.0',
      });
      for (const key of keys) this.#route(stack, key, integration, 'CUSTOM');
      if (stack.platform.config.iamGrants) {
        const signed = options.protocolRoutes ? [...options.protocolRoutes, ...publicKeys] : [];
        for (const key of signed)
          this.#route(stack, key.replace(' ', ` ${iamMount}`), integration, 'AWS_IAM');
      }
      for (const key of publicKeys) {
        const route = this.#route(stack, key, integration, 'NONE');
        acceptRisk(route, 'AwsSolutions-APIG4', options.publicRoutes?.reason ?? '');
      }
      permitApi(this, 'PlatformApiPermission', live, `${api.httpApiArn}/*`);
    }
    const predictionEndpoints = endpoints.filter((endpoint) => endpoint.api === 'prediction');
    for (const endpoint of predictionEndpoints) api.addPredictionEndpoint(endpoint, target.handler);
    if (predictionEndpoints.length > 0)
      permitApi(this, 'PredictionApiPermission', live, `${api.restApiArn}/*`);
  }

  #route(
    stack: ServiceStack,
    key: string,
    integration: CfnIntegration,
    authorizationType: 'CUSTOM' | 'AWS_IAM' | 'NONE',
  ): CfnRoute {
    const { httpApiId, httpAuthorizerId } = stack.platform.api;
    return new CfnRoute(this, key, {
      apiId: httpApiId,
      routeKey: key,
      target: `integrations/${integration.ref}`,
      authorizationType,
      ...(authorizationType === 'CUSTOM' ? { authorizerId: httpAuthorizerId } : {}),
    });
  }
}

/** Where a protocol's routes are for callers that sign with keys of AWS: a route of API Gateway asks for one kind of authorization. */
const iamMount = '/iam';

const routeKey = ({ method, path }: EndpointDefinition): string => `${method} ${path}`;
