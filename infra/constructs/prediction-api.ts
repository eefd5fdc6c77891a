import { Aws } from 'aws-cdk-lib';
import {
  AuthorizationType,
  CfnApiKey,
  CfnAuthorizer,
  CfnRestApi,
  CfnUsagePlanKey,
  Deployment,
  type IAuthorizer,
  Integration,
  IntegrationType,
  type IRestApi,
  RestApi,
  Stage,
  UsagePlan,
} from 'aws-cdk-lib/aws-apigateway';
import { Construct } from 'constructs';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { anonymousApiKeyValue, resourcePrefix, signedInApiKeyValue } from '#shared/kernel/names.ts';
import { localStage } from '../config.ts';
import type { PlatformNames } from '../platform.ts';
import { acceptRisk } from './accepted-risk.ts';
import { invocationUri, tokenSource } from './authorizer.ts';

const stageName = 'live';

/** The REST API that applications predict by: the authorizer names the caller's API key, whose usage plan throttles it. */
export class PredictionApi extends Construct {
  readonly apiId: string;
  readonly authorizerId: string;
  readonly usagePlanId: string;
  readonly url: string;
  /** A reference: whoever uses it waits for the stage. */
  readonly stageName: string;
  readonly #names: PlatformNames;
  readonly #api: IRestApi;
  readonly #authorizer: IAuthorizer;
  readonly #deployment: Deployment;

  constructor(scope: Construct, id: string, names: PlatformNames) {
    super(scope, id);
    this.#names = names;
    const name = `${resourcePrefix(names.stage)}-predictions`;
    const api = new CfnRestApi(this, 'Api', {
      name,
      description: `Prediction API of Millrace ${names.stage}`,
      endpointConfiguration: { types: ['REGIONAL'] },
      apiKeySourceType: 'AUTHORIZER',
    });
    acceptRisk(api, 'AwsSolutions-APIG2', 'The function validates requests, with an error for each field.');
    this.apiId = api.ref;
    this.authorizerId = this.#createAuthorizer(names, name);
    this.#authorizer = { authorizerId: this.authorizerId, authorizationType: AuthorizationType.CUSTOM };
    this.#api = RestApi.fromRestApiAttributes(this, 'Methods', {
      restApiId: api.ref,
      rootResourceId: api.attrRootResourceId,
    });
    this.#deployment = new Deployment(this, 'Deployment', { api: this.#api });
    const stage = this.#stage();
    this.stageName = stage.stageName;
    this.url = `https://${api.ref}.execute-api.${names.environment.region ?? Aws.REGION}.${Aws.URL_SUFFIX}/${stageName}`;
    this.usagePlanId = this.#usagePlan(names, name, stage);
  }

  addEndpoint({ service, method, path }: EndpointDefinition, handler: string): void {
    const resource = this.#api.root.resourceForPath(path);
    const uri = invocationUri(this.#names, this.#names.liveFunctionArn(service, handler));
    const integration = new Integration({
      type: IntegrationType.AWS_PROXY,
      integrationHttpMethod: 'POST',
      uri,
    });
    const added = resource.addMethod(method, integration, {
      authorizer: this.#authorizer,
      apiKeyRequired: true,
    });
    acceptRisk(
      added,
      'AwsSolutions-COG4',
      'Callers are applications with API tokens, which the authorizer checks.',
    );
    this.#deployment.node.addDependency(added);
    this.#deployment.addToLogicalId({ method, path, uri });
  }

  #createAuthorizer(names: PlatformNames, name: string): string {
    const { identitySources, ttlSeconds } = tokenSource(names, 'method.request.header.Authorization');
    return new CfnAuthorizer(this, 'Authorizer', {
      restApiId: this.apiId,
      name: `${name}-identity`,
      type: 'REQUEST',
      authorizerUri: invocationUri(names, names.liveFunctionArn('identity', 'authorizer')),
      authorizerResultTtlInSeconds: ttlSeconds,
      ...(identitySources.length > 0 ? { identitySource: identitySources.join(',') } : {}),
    }).ref;
  }

  #stage(): Stage {
    const stage = new Stage(this, 'Stage', { deployment: this.#deployment, stageName, tracingEnabled: true });
    const accountRole =
      'Logs of a REST API need a role that is set for the whole account, which one stage must not do. The function logs each request.';
    acceptRisk(stage, 'AwsSolutions-APIG1', accountRole);
    acceptRisk(stage, 'AwsSolutions-APIG6', accountRole);
    acceptRisk(
      stage,
      'AwsSolutions-APIG3',
      'A web ACL costs money while nobody calls. Every request needs a token, and usage plans throttle.',
    );
    return stage;
  }

  #usagePlan(names: PlatformNames, name: string, stage: Stage): string {
    const { predictionsPerSecond, burst } = names.config.throttles;
    const plan = new UsagePlan(this, 'UsagePlan', {
      name,
      description: 'What one API key may ask for',
      throttle: { rateLimit: predictionsPerSecond, burstLimit: burst },
      apiStages: [{ api: this.#api, stage }],
    });
    const { usagePlanId } = plan;
    if (names.stage === localStage)
      this.#sharedKey('LocalApiKey', { name: `${name}-local`, value: anonymousApiKeyValue, usagePlanId });
    if (names.config.signIn) {
      const value = signedInApiKeyValue(names.stage);
      this.#sharedKey('SignedInApiKey', { name: `${name}-signed-in`, value, usagePlanId });
    }
    return usagePlanId;
  }

  /** A key for callers without an API token, whose tokens bring their own. */
  #sharedKey(
    id: string,
    { name, value, usagePlanId }: Record<'name' | 'value' | 'usagePlanId', string>,
  ): void {
    const key = new CfnApiKey(this, id, { name, enabled: true, value });
    new CfnUsagePlanKey(this, `${id}OnPlan`, { keyId: key.ref, keyType: 'API_KEY', usagePlanId });
  }
}
