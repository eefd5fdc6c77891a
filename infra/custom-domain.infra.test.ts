import { describe, expect, it } from 'vitest';
import { lawViolations } from './laws/index.ts';
import { serviceStacks } from './stacks/index.ts';
import { inspect, synthesize } from './testing/synthesize.ts';

const domain = {
  platformName: 'millrace.example.com',
  predictionName: 'predict.example.com',
  certificateArn: 'arn:aws:acm:eu-central-1:123456789012:certificate/c',
};
const hostedZoneId = 'Z0123456789ABC';

const api = (changes = {}) => synthesize('prod', serviceStacks, changes).get('api')!;
const values = (template: ReturnType<typeof api>) =>
  Object.fromEntries(Object.entries(template.findOutputs('*')).map(([id, output]) => [id, output['Value']]));

describe('a stage with a domain of its own', () => {
  const template = api({ domain: { ...domain, hostedZoneId } });

  it.each([
    ['the platform API', domain.platformName, 'AWS::ApiGatewayV2::Stage', 'AWS::ApiGatewayV2::Api'],
    ['the prediction API', domain.predictionName, 'AWS::ApiGateway::Stage', 'AWS::ApiGateway::RestApi'],
  ])('serves %s there, over TLS 1.2 and newer, in its region', (_what, hostName, stageType, apiType) => {
    const [[id] = []] = Object.entries(
      template.findResources('AWS::ApiGatewayV2::DomainName', { Properties: { DomainName: hostName } }),
    );
    template.hasResourceProperties('AWS::ApiGatewayV2::DomainName', {
      DomainName: hostName,
      DomainNameConfigurations: [
        { CertificateArn: domain.certificateArn, EndpointType: 'REGIONAL', SecurityPolicy: 'TLS_1_2' },
      ],
    });
    const [apiId] = Object.keys(template.findResources(apiType));
    const [stageId] = Object.keys(template.findResources(stageType));
    template.hasResourceProperties('AWS::ApiGatewayV2::ApiMapping', {
      DomainName: { Ref: id },
      ApiId: { Ref: apiId },
      // A reference, so that the stage is there before it is mapped.
      Stage: { Ref: stageId },
    });
    template.hasResourceProperties('AWS::Route53::RecordSet', {
      Name: hostName,
      Type: 'A',
      HostedZoneId: hostedZoneId,
      AliasTarget: { DNSName: { 'Fn::GetAtt': [id, 'RegionalDomainName'] } },
    });
  });

  it('shows it in the outputs', () => {
    expect(values(template)).toMatchObject({
      PlatformUrl: 'https://millrace.example.com',
      PredictionUrl: 'https://predict.example.com',
    });
    expect(Object.keys(values(template)).filter((id) => id.endsWith('Target'))).toEqual([]);
  });

  it('says what the names have to point to where it has no zone', () => {
    const elsewhere = api({ domain });
    elsewhere.resourceCountIs('AWS::Route53::RecordSet', 0);
    const targets = Object.entries(values(elsewhere)).filter(([id]) => id.endsWith('Target'));
    expect(targets).toEqual([
      ['PlatformDomainTarget', { 'Fn::GetAtt': [expect.any(String), 'RegionalDomainName'] }],
      ['PredictionDomainTarget', { 'Fn::GetAtt': [expect.any(String), 'RegionalDomainName'] }],
    ]);
  });

  it('keeps every law and is clean to cdk-nag', () => {
    const inspected = inspect('prod', [], { domain: { ...domain, hostedZoneId } });
    expect(lawViolations(inspected)).toEqual([]);
    expect(inspected.nagFindings).toEqual([]);
  });
});

describe('a stage without a domain', () => {
  it('has none of its resources', () => {
    const template = api();
    for (const type of ['ApiGatewayV2::DomainName', 'ApiGatewayV2::ApiMapping', 'Route53::RecordSet'])
      template.resourceCountIs(`AWS::${type}`, 0);
  });
});
