import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import { CanaryDeployments } from '../constructs/function-canary.ts';
import { PlatformApi } from '../constructs/platform-api.ts';
import { PredictionApi } from '../constructs/prediction-api.ts';
import type { Apis, FunctionCanary, PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

/** The two APIs. Services put their endpoints on them with `HttpEndpoints`; the identity service answers for who may pass. */
export class ApiStack extends PlatformStack implements Apis {
  readonly httpApiId: string;
  readonly httpAuthorizerId: string;
  readonly httpApiArn: string;
  readonly restAuthorizerId: string;
  readonly restApiArn: string;
  readonly predictionUsagePlanId: string;
  readonly canary?: FunctionCanary;
  readonly #predictions: PredictionApi;

  constructor(scope: Construct, names: PlatformNames) {
    super(scope, names, 'api', 'the platform API and the prediction API');
    const platform = new PlatformApi(this, 'PlatformApi', names);
    this.httpApiId = platform.apiId;
    this.httpAuthorizerId = platform.authorizerId;
    this.httpApiArn = names.arn('execute-api', platform.apiId);
    this.#predictions = new PredictionApi(this, 'PredictionApi', names);
    this.restAuthorizerId = this.#predictions.authorizerId;
    this.restApiArn = names.arn('execute-api', this.#predictions.apiId);
    this.predictionUsagePlanId = this.#predictions.usagePlanId;
    if (names.config.functionDeployment === 'canary') this.canary = new CanaryDeployments(this, names);
    new CfnOutput(this, 'PlatformUrl', { value: platform.url });
    new CfnOutput(this, 'PredictionUrl', { value: this.#predictions.url });
  }

  /**
   * Puts an endpoint on the prediction API. Its methods stand in this stack, because a deployment of a REST API is a snapshot
   * that must be taken after all of them.
   */
  addPredictionEndpoint(endpoint: EndpointDefinition, handler: string): void {
    this.#predictions.addEndpoint(endpoint, handler);
  }
}
