import type { Shell } from './shell.ts';

/** How to list what a deployment makes: kind, command of the AWS CLI, and where the names stand in its answer. */
const lists = [
  ['function', 'lambda list-functions', 'Functions[].FunctionName'],
  ['table', 'dynamodb list-tables', 'TableNames'],
  ['bucket', 's3api list-buckets', 'Buckets[].Name'],
  ['role', 'iam list-roles', 'Roles[].RoleName'],
  ['log group', 'logs describe-log-groups', 'logGroups[].logGroupName'],
  ['alarm', 'cloudwatch describe-alarms', 'MetricAlarms[].AlarmName'],
  ['bus', 'events list-event-buses', 'EventBuses[].Name'],
  ['rule', 'events list-rules', 'Rules[].Name'],
  ['queue', 'sqs list-queues --endpoint-url "$AWS_ENDPOINT_URL"', 'QueueUrls'],
  ['topic', 'sns list-topics', 'Topics[].TopicArn'],
  ['state machine', 'stepfunctions list-state-machines', 'stateMachines[].name'],
  ['schedule', 'scheduler list-schedules', 'Schedules[].Name'],
  ['HTTP API', 'apigatewayv2 get-apis', 'Items[].Name'],
  ['REST API', 'apigateway get-rest-apis', 'items[].name'],
  ['API key', 'apigateway get-api-keys', 'items[].name'],
  ['usage plan', 'apigateway get-usage-plans', 'items[].name'],
  ['endpoint', 'sagemaker list-endpoints', 'Endpoints[].EndpointName'],
  ['model', 'sagemaker list-models', 'Models[].ModelName'],
  ['stack', 'cloudformation list-stacks', "StackSummaries[?StackStatus!='DELETE_COMPLETE'].StackName"],
] as const;

/** What there is in an account whose name is one of ours, as `<kind> <name>`; what SageMaker's jobs logged is the account's. */
export async function remainsOf(shell: Shell): Promise<string[]> {
  const found: string[] = [];
  for (const [kind, command, names] of lists) {
    const all = await shell.json<string[] | null>(`aws ${command} --query "${names}" --output json`);
    const ours = (all ?? []).filter((name) => /millrace/i.test(name) && !name.startsWith('/aws/sagemaker/'));
    found.push(...ours.map((name) => `${kind} ${name}`));
  }
  return found;
}
