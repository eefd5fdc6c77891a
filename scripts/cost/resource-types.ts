/**
 * What a resource type costs: `nothing` by itself, for what is `stored` in it, for `use`, or a `standing` charge while it exists. A type
 * that is missing here stops the command: a bill that leaves something out is worse than none.
 */
export type CostKind = 'nothing' | 'stored' | 'use' | 'standing';

export const costKinds: Readonly<Record<string, CostKind>> = {
  'AWS::ApiGateway::ApiKey': 'nothing',
  'AWS::ApiGateway::Authorizer': 'nothing',
  'AWS::ApiGateway::Deployment': 'nothing',
  'AWS::ApiGateway::Method': 'nothing',
  'AWS::ApiGateway::Resource': 'nothing',
  'AWS::ApiGateway::RestApi': 'use',
  'AWS::ApiGateway::Stage': 'nothing',
  'AWS::ApiGateway::UsagePlan': 'nothing',
  'AWS::ApiGateway::UsagePlanKey': 'nothing',
  'AWS::ApiGatewayV2::Api': 'use',
  'AWS::ApiGatewayV2::Authorizer': 'nothing',
  'AWS::ApiGatewayV2::Integration': 'nothing',
  'AWS::ApiGatewayV2::Route': 'nothing',
  'AWS::ApiGatewayV2::Stage': 'nothing',
  'AWS::CloudWatch::Alarm': 'standing',
  'AWS::DynamoDB::Table': 'stored',
  'AWS::Events::Archive': 'stored',
  'AWS::Events::EventBus': 'use',
  'AWS::Events::Rule': 'nothing',
  'AWS::IAM::Policy': 'nothing',
  'AWS::IAM::Role': 'nothing',
  'AWS::Lambda::EventInvokeConfig': 'nothing',
  'AWS::Lambda::EventSourceMapping': 'nothing',
  'AWS::Lambda::Function': 'use',
  'AWS::Lambda::LayerVersion': 'nothing',
  'AWS::Lambda::Permission': 'nothing',
  'AWS::Logs::LogGroup': 'stored',
  'AWS::S3::Bucket': 'stored',
  'AWS::S3::BucketPolicy': 'nothing',
  'AWS::SNS::Subscription': 'nothing',
  'AWS::SNS::Topic': 'use',
  'AWS::SNS::TopicPolicy': 'nothing',
  'AWS::SQS::Queue': 'use',
  'AWS::SQS::QueuePolicy': 'nothing',
  'AWS::Scheduler::Schedule': 'standing',
  'AWS::StepFunctions::StateMachine': 'use',
};
