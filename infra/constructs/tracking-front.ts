import { readFileSync } from 'node:fs';
import { Aws, Fn } from 'aws-cdk-lib';
import {
  AllowedMethods,
  CachePolicy,
  Distribution,
  Function as EdgeFunction,
  FunctionCode,
  FunctionEventType,
  FunctionRuntime,
  OriginProtocolPolicy,
  OriginRequestPolicy,
  ViewerProtocolPolicy,
} from 'aws-cdk-lib/aws-cloudfront';
import { HttpOrigin } from 'aws-cdk-lib/aws-cloudfront-origins';
import { Construct } from 'constructs';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { PlatformNames } from '../platform.ts';
import { acceptRisk } from './accepted-risk.ts';

const code = readFileSync(new URL('../edge/oversized-artifacts.js', import.meta.url), 'utf8');

/** Findings of cdk-nag on the distribution, and why they stand. */
const acceptedRisks: Readonly<Record<string, string>> = {
  'AwsSolutions-CFR1': 'People of a company work from anywhere; who may do what is decided by tokens.',
  'AwsSolutions-CFR2':
    'A web application firewall is paid by the month. The API behind is throttled and takes requests without the front too.',
  'AwsSolutions-CFR3':
    'The access log of the API behind has every request that comes through; what the front refuses changes nothing.',
  'AwsSolutions-CFR4':
    'CloudFront’s own name comes with its own certificate, by which it decides the oldest TLS. A name of one’s own would need a certificate in us-east-1.',
};

/**
 * An address in front of the platform API for MLflow's clients up to 3.17: it forwards everything but the Host header, artifacts as bytes of no type,
 * caches nothing, and refuses a file too big for one request at once, with words that help. Costs nothing while nobody uses it.
 */
export class TrackingFront extends Construct {
  readonly url: string;

  constructor(scope: Construct, id: string, names: PlatformNames, apiUrl: string) {
    super(scope, id);
    const refusal = new EdgeFunction(this, 'OversizedArtifacts', {
      // Names of these functions belong to the account, not to a region.
      functionName: `${resourcePrefix(names.stage)}-${names.environment.region ?? Aws.REGION}-oversized-artifacts`,
      comment: 'Refuses artifacts that do not fit into one request, and says what helps.',
      runtime: FunctionRuntime.JS_2_0,
      code: FunctionCode.fromInline(code),
    });
    const distribution = new Distribution(this, 'Distribution', {
      comment: `MLflow's API of Millrace ${names.stage}`,
      defaultBehavior: {
        origin: new HttpOrigin(Fn.select(2, Fn.split('/', apiUrl)), {
          protocolPolicy: OriginProtocolPolicy.HTTPS_ONLY,
        }),
        allowedMethods: AllowedMethods.ALLOW_ALL,
        cachePolicy: CachePolicy.CACHING_DISABLED,
        originRequestPolicy: OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
        viewerProtocolPolicy: ViewerProtocolPolicy.HTTPS_ONLY,
        functionAssociations: [{ eventType: FunctionEventType.VIEWER_REQUEST, function: refusal }],
      },
    });
    for (const [rule, reason] of Object.entries(acceptedRisks)) acceptRisk(distribution, rule, reason);
    this.url = `https://${distribution.distributionDomainName}`;
  }
}
