import { Aws } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { localStage } from '../config.ts';
import type { Platform, PlatformNames } from '../platform.ts';
import { liveAlias, permitApi } from './live-alias.ts';
import type { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/** How long, in seconds, API Gateway takes an authorizer's answer for the same token; a revoked token works so much longer. */
const cacheSeconds = 60;

/** Address by which API Gateway calls a function. */
export function invocationUri(names: PlatformNames, functionArn: string): string {
  const region = names.environment.region ?? Aws.REGION;
  return `arn:${names.partition}:apigateway:${region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
}

/**
 * Where the token is and how long an answer is kept. Outside stage `local` a request without the header is refused by API
 * Gateway itself, and the header is the key of the cache. In stage `local` a request without a token must reach the
 * authorizer, which rules out naming the header, and with it the cache.
 */
export function tokenSource(
  names: PlatformNames,
  header: string,
): { identitySources: string[]; ttlSeconds: number } {
  return names.stage === localStage
    ? { identitySources: [], ttlSeconds: 0 }
    : { identitySources: [header], ttlSeconds: cacheSeconds };
}

/** Lets both APIs call the identity service's authorizer. */
export class AuthorizerPermissions extends Construct {
  constructor(stack: ServiceStack, authorizer: ServiceFunction) {
    super(authorizer, 'AuthorizerPermissions');
    const { api } = stack.platform;
    const live = liveAlias(stack, authorizer);
    permitApi(this, 'PlatformApi', live, `${api.httpApiArn}/authorizers/${api.httpAuthorizerId}`);
    permitApi(this, 'PredictionApi', live, `${api.restApiArn}/authorizers/${api.restAuthorizerId}`);
  }
}

/**
 * Lets a function make API keys for tokens and put them on the prediction API's usage plan, whose id it gets as
 * PREDICTION_USAGE_PLAN_ID.
 */
export function allowMakingApiKeys(platform: Platform, issuer: ServiceFunction): void {
  const planId = platform.api.predictionUsagePlanId;
  issuer
    .addEnvironment('PREDICTION_USAGE_PLAN_ID', planId)
    .allow(
      ['apigateway:POST'],
      [gatewayArn(platform, '/apikeys'), gatewayArn(platform, `/usageplans/${planId}/keys`)],
    );
}

/** Lets a function find API keys by name and take them away. */
export function allowRemovingApiKeys(platform: Platform, remover: ServiceFunction): void {
  remover
    .allow(['apigateway:GET'], [gatewayArn(platform, '/apikeys')])
    .allow(['apigateway:DELETE'], [gatewayArn(platform, '/apikeys/*')], {
      reason: 'Ids of API keys are made at run time.',
    });
}

const gatewayArn = (platform: Platform, path: string): string =>
  `arn:${platform.partition}:apigateway:${platform.environment.region ?? Aws.REGION}::${path}`;
