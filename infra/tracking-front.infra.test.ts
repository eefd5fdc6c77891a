import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { lawViolations } from './laws/index.ts';
import { inspect, synthesize } from './testing/synthesize.ts';

const api = (changes = {}) => synthesize('prod', [], changes).get('api')!;

/** CloudFront's managed policies: CachingDisabled, AllViewerExceptHostHeader. */
const cachesNothing = '4135ea2d-6df8-44a3-9df3-4b5a84be39ad';
const forwardsAllButHost = 'b689b0a8-53d0-40ab-baf2-68738e2966ac';

describe('a stage with a tracking front', () => {
  const template = api({ trackingFront: true });

  it('forwards every method and header to the platform API and keeps nothing', () => {
    const [apiId] = Object.keys(template.findResources('AWS::ApiGatewayV2::Api'));
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        DefaultCacheBehavior: {
          AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
          CachePolicyId: cachesNothing,
          OriginRequestPolicyId: forwardsAllButHost,
          ViewerProtocolPolicy: 'https-only',
        },
        Origins: [
          {
            DomainName: {
              'Fn::Select': [2, { 'Fn::Split': ['/', { 'Fn::GetAtt': [apiId, 'ApiEndpoint'] }] }],
            },
            CustomOriginConfig: { OriginProtocolPolicy: 'https-only', OriginSSLProtocols: ['TLSv1.2'] },
          },
        ],
      },
    });
  });

  it('has the refusal of big artifacts asked first', () => {
    const [functionId] = Object.keys(template.findResources('AWS::CloudFront::Function'));
    template.hasResourceProperties('AWS::CloudFront::Function', {
      AutoPublish: true,
      FunctionCode: Match.stringLikeRegexp('MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD=true'),
      FunctionConfig: { Runtime: 'cloudfront-js-2.0' },
    });
    template.hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        DefaultCacheBehavior: {
          FunctionAssociations: [
            {
              EventType: 'viewer-request',
              FunctionARN: { 'Fn::GetAtt': [functionId, 'FunctionARN'] },
            },
          ],
        },
      },
    });
  });

  it('shows its address in the outputs', () => {
    const [distributionId] = Object.keys(template.findResources('AWS::CloudFront::Distribution'));
    template.hasOutput('TrackingUrl', {
      Value: { 'Fn::Join': ['', ['https://', { 'Fn::GetAtt': [distributionId, 'DomainName'] }]] },
    });
  });

  it('keeps every law and is clean to cdk-nag', () => {
    const inspected = inspect('prod', [], { trackingFront: true });
    expect(lawViolations(inspected)).toEqual([]);
    expect(inspected.nagFindings).toEqual([]);
  });
});

describe('a stage without one', () => {
  it('has nothing of CloudFront', () => {
    const template = api();
    template.resourceCountIs('AWS::CloudFront::Distribution', 0);
    template.resourceCountIs('AWS::CloudFront::Function', 0);
  });
});
