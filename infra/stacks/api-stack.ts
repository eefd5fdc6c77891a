import { CfnOutput } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EndpointDefinition } from '#shared/contracts/endpoint.ts';
import type { StageConfig } from '../config.ts';
import { CustomDomain } from '../constructs/custom-domain.ts';
import { CanaryDeployments } from '../constructs/function-canary.ts';
import { PlatformApi } from '../constructs/platform-api.ts';
import { PredictionApi } from '../constructs/prediction-api.ts';
import { TrackingFront } from '../constructs/tracking-front.ts';
import type { Apis, FunctionCanary, PlatformNames } from '../platform.ts';
import { PlatformStack } from './platform-stack.ts';

type Domain = NonNullable<StageConfig['domain']>;

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
    const urls = names.config.domain
      ? this.#domains(names.config.domain, platform)
      : { platform: platform.url, prediction: this.#predictions.url };
    new CfnOutput(this, 'PlatformUrl', { value: urls.platform });
    new CfnOutput(this, 'PredictionUrl', { value: urls.prediction });
    if (names.config.trackingFront) {
      const front = new TrackingFront(this, 'TrackingFront', names, platform.url);
      new CfnOutput(this, 'TrackingUrl', { value: front.url });
    }
  }

  /** Names of the user's own for both APIs; without a zone, outputs say what the names have to point to. */
  #domains(domain: Domain, platform: PlatformApi): { platform: string; prediction: string } {
    const { platformName, predictionName, ...shared } = domain;
    const own = [
      new CustomDomain(this, 'PlatformDomain', { ...shared, hostName: platformName, api: platform }),
      new CustomDomain(this, 'PredictionDomain', {
        ...shared,
        hostName: predictionName,
        api: this.#predictions,
      }),
    ];
    if (!domain.hostedZoneId) {
      for (const { node, target } of own) new CfnOutput(this, `${node.id}Target`, { value: target });
    }
    return { platform: `https://${platformName}`, prediction: `https://${predictionName}` };
  }

  /**
   * Puts an endpoint on the prediction API. Its methods stand in this stack, because a deployment of a REST API is a snapshot
   * that must be taken after all of them.
   */
  addPredictionEndpoint(endpoint: EndpointDefinition, handler: string): void {
    this.#predictions.addEndpoint(endpoint, handler);
  }
}
