import * as apiGateway from '@aws-sdk/client-api-gateway';
import * as cloudWatch from '@aws-sdk/client-cloudwatch';
import * as dynamoDb from '@aws-sdk/client-dynamodb';
import * as eventBridge from '@aws-sdk/client-eventbridge';
import * as lambda from '@aws-sdk/client-lambda';
import * as s3 from '@aws-sdk/client-s3';
import * as sageMaker from '@aws-sdk/client-sagemaker';
import * as sageMakerRuntime from '@aws-sdk/client-sagemaker-runtime';
import * as scheduler from '@aws-sdk/client-scheduler';
import * as sfn from '@aws-sdk/client-sfn';
import * as sns from '@aws-sdk/client-sns';
import * as sqs from '@aws-sdk/client-sqs';
import { createApiGateway } from '../../../scripts/local/apigateway/index.ts';
import { createCloudWatch } from '../../../scripts/local/cloudwatch/index.ts';
import { createDynamoDb } from '../../../scripts/local/dynamodb/index.ts';
import {
  AwsError,
  type EmulatedService,
  type RequiredPermission,
  type RuntimeContext,
} from '../../../scripts/local/emulated-service.ts';
import { createEvents } from '../../../scripts/local/events/index.ts';
import { createLambda } from '../../../scripts/local/lambda/index.ts';
import { createS3 } from '../../../scripts/local/s3/index.ts';
import { createSageMaker } from '../../../scripts/local/sagemaker/index.ts';
import { createScheduler } from '../../../scripts/local/scheduler/index.ts';
import { createSqsSns } from '../../../scripts/local/sqs/index.ts';
import { createStates } from '../../../scripts/local/states/index.ts';
import { serveServices } from '../../../scripts/local/testing/serve-one.ts';

type Command = new (input: object) => object;
interface Client {
  send(command: object): Promise<unknown>;
  destroy(): void;
}
type ClientClass = new (config: object) => Client;

/** The SDK's clients, each with the module that holds its commands. */
const clients: readonly (readonly [client: unknown, commands: object])[] = [
  [apiGateway.APIGatewayClient, apiGateway],
  [cloudWatch.CloudWatchClient, cloudWatch],
  [dynamoDb.DynamoDBClient, dynamoDb],
  [eventBridge.EventBridgeClient, eventBridge],
  [lambda.LambdaClient, lambda],
  [s3.S3Client, s3],
  [sageMaker.SageMakerClient, sageMaker],
  [sageMakerRuntime.SageMakerRuntimeClient, sageMakerRuntime],
  [scheduler.SchedulerClient, scheduler],
  [sfn.SFNClient, sfn],
  [sns.SNSClient, sns],
  [sqs.SQSClient, sqs],
];

const factories: readonly ((context: RuntimeContext) => EmulatedService)[] = [
  (context) => createApiGateway(context, { port: 0 }),
  createCloudWatch,
  createDynamoDb,
  createEvents,
  createLambda,
  createS3,
  createSageMaker,
  createScheduler,
  createSqsSns,
  createStates,
];

/** Members that requests name their resource by; each request takes those that it has. */
const sampleInput = (() => {
  const at = 'us-east-1:000000000000';
  const machine = `arn:aws:states:${at}:stateMachine:sample`;
  const topic = `arn:aws:sns:${at}:sample`;
  const role = 'arn:aws:iam::000000000000:role/sample';
  return {
    AlarmName: 'sample',
    AlarmNames: ['sample'],
    Body: 'sample',
    Entries: [{ Source: 'sample', DetailType: 'sample', Detail: '{}' }],
    ExecutionRoleArn: role,
    executionArn: `arn:aws:states:${at}:execution:sample:sample`,
    Ids: ['sample'],
    Name: 'sample',
    QueueName: 'sample',
    QueueUrl: 'http://127.0.0.1/000000000000/sample',
    RoleArn: role,
    Rule: 'sample',
    stateMachineArn: machine,
    SubscriptionArn: `${topic}:00000000-0000-0000-0000-000000000000`,
    TableName: 'sample',
    TopicArn: topic,
  };
})();

/** What a request takes, and the command that makes it. */
export interface LaptopPermission extends RequiredPermission {
  readonly command: string;
}

/**
 * Sends every command that the SDK's clients have, with sample names and nothing else in it, to the laptop runtime, and returns which
 * permissions the runtime asks for where it imitates the operation and reads so bare a request.
 */
export async function laptopPermissions(): Promise<LaptopPermission[]> {
  let asked: readonly RequiredPermission[] = [];
  const served = await serveServices(
    factories.map((create) => (context: RuntimeContext) => {
      const service = create(context);
      return {
        ...service,
        handle: async (request) => {
          asked = [];
          const permissions = await service.authorize(request);
          // Whatever becomes of a bare request: one that is not imitated says so.
          await service.handle(request).catch((error: unknown) => {
            if (error instanceof AwsError && error.status === 501) throw error;
          });
          asked = permissions;
          return { status: 200 };
        },
      } satisfies EmulatedService;
    }),
  );
  const found: LaptopPermission[] = [];
  for (const [ClientClass, commands] of clients) {
    const client = new (ClientClass as ClientClass)(configOf(served.url));
    for (const [command, CommandClass] of Object.entries(commands)) {
      if (!/^[A-Z]\w+Command$/.test(command)) continue;
      asked = [];
      await sendSample(client, CommandClass as Command);
      found.push(...asked.map((permission) => ({ ...permission, command })));
    }
    client.destroy();
  }
  await served.close();
  return found;
}

const configOf = (endpoint: string) => ({
  endpoint,
  region: 'us-east-1',
  credentials: { accessKeyId: 'AKIATEST', secretAccessKey: 'test' },
  forcePathStyle: true,
  maxAttempts: 1,
});

/** Sends a command; what else the address needs is added as the SDK asks for it. What is answered does not matter. */
async function sendSample(client: Client, CommandClass: Command): Promise<void> {
  const input: Record<string, unknown> = { ...sampleInput };
  for (;;) {
    try {
      await client.send(new CommandClass(input));
      return;
    } catch (error) {
      const label = /input HTTP label: (\w+)/.exec(String(error))?.[1];
      if (label === undefined || input[label] !== undefined) return;
      input[label] = 'sample';
    }
  }
}
