import { CfnApiMapping, CfnDomainName } from 'aws-cdk-lib/aws-apigatewayv2';
import { CfnRecordSet } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';

export interface CustomDomainOptions {
  readonly hostName: string;
  readonly certificateArn: string;
  readonly hostedZoneId?: string | undefined;
  readonly api: { readonly apiId: string; readonly stageName: string };
}

/**
 * A host name of the user's own for an API: regional, TLS 1.2 and newer, the API at its root. An HTTP API and a REST API are mapped
 * alike. With a hosted zone the name is written there, else `target` is what it has to point to.
 */
export class CustomDomain extends Construct {
  /** The name that API Gateway serves the domain by. */
  readonly target: string;

  constructor(scope: Construct, id: string, options: CustomDomainOptions) {
    super(scope, id);
    const { hostName, certificateArn, hostedZoneId, api } = options;
    const domain = new CfnDomainName(this, 'Domain', {
      domainName: hostName,
      domainNameConfigurations: [{ certificateArn, endpointType: 'REGIONAL', securityPolicy: 'TLS_1_2' }],
    });
    this.target = domain.attrRegionalDomainName;
    new CfnApiMapping(this, 'Mapping', { apiId: api.apiId, domainName: domain.ref, stage: api.stageName });
    if (!hostedZoneId) return;
    new CfnRecordSet(this, 'Record', {
      name: hostName,
      type: 'A',
      hostedZoneId,
      aliasTarget: { dnsName: domain.attrRegionalDomainName, hostedZoneId: domain.attrRegionalHostedZoneId },
    });
  }
}
