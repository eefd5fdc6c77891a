import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { paginateGetExecutionHistory, paginateListExecutions, SFNClient } from '@aws-sdk/client-sfn';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { RunningPlatform } from './running-platform.ts';

/** What an operator sees and changes behind the platform's back, through the AWS endpoint. */
export class Operator {
  readonly documents: DynamoDBDocumentClient;
  readonly sagemaker: SageMakerClient;
  readonly states: SFNClient;

  constructor(platform: RunningPlatform) {
    const { awsUrl: endpoint, region, credentials } = platform.runtime.endpoints;
    const config = { endpoint, region, credentials };
    this.documents = DynamoDBDocumentClient.from(new DynamoDBClient(config));
    this.sagemaker = new SageMakerClient(config);
    this.states = new SFNClient(config);
  }

  /** What the executions of a machine (`training`, `release`) called a function with, oldest first. */
  async callsOf(machine: string, handler: string): Promise<unknown[]> {
    const stateMachineArn = `arn:aws:states:us-east-1:000000000000:stateMachine:millrace-local-${machine}`;
    const calls: { atMs: number; payload: unknown }[] = [];
    for await (const { executions } of paginateListExecutions({ client: this.states }, { stateMachineArn })) {
      for (const { executionArn } of executions ?? []) {
        const pages = paginateGetExecutionHistory({ client: this.states }, { executionArn });
        for await (const { events } of pages) {
          for (const { timestamp, taskScheduledEventDetails } of events ?? []) {
            const { FunctionName, Payload } = JSON.parse(taskScheduledEventDetails?.parameters ?? '{}');
            if (String(FunctionName).includes(`-${handler}`))
              calls.push({ atMs: timestamp?.getTime() ?? 0, payload: Payload });
          }
        }
      }
    }
    return calls.sort((a, b) => a.atMs - b.atMs).map(({ payload }) => payload);
  }
}
