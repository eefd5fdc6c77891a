/**
 * Resource types that the laptop runtime leaves out on purpose, each with the reason. `Ref` gives the physical name where the template
 * sets one. Any other type that no service provisions stops the start.
 */
export const ignoredTypes: Readonly<Record<string, string>> = {
  'AWS::CDK::Metadata': 'usage statistics of CDK, for AWS only',
  'AWS::CloudWatch::Dashboard': 'a page of the AWS console',
  'AWS::Logs::QueryDefinition': 'a saved query of the AWS console',
  'AWS::Logs::ResourcePolicy': 'lets AWS services write logs; the runtime writes them itself',
  'AWS::ApiGateway::Account': 'the account-wide role by which API Gateway writes logs',
  'AWS::Budgets::Budget': 'watches the AWS bill; a laptop has none',
  'AWS::CE::AnomalyMonitor': 'watches the AWS bill; a laptop has none',
  'AWS::CE::AnomalySubscription': 'watches the AWS bill; a laptop has none',
  'AWS::ResourceGroups::Group': 'a view of the AWS console',
  'AWS::XRay::Group': 'a view of the AWS console',
  'AWS::XRay::SamplingRule': 'traces are not collected on a laptop',
};
