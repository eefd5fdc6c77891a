import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * A logger without `info`. With one, be it the SDK's own that does nothing, every answer is copied to hide secrets from the
 * log, a quarter of the time of a large query.
 */
const noAnswerLog = { debug: ignore, warn: ignore, error: ignore } as DynamoDBClientConfig['logger'] & object;
function ignore(): void {
  // Errors are thrown, and logged by who catches them.
}

/** SDK clients that several services need, one per process: made on first use and kept, so that warm invocations reuse connections. */
let documents: DynamoDBDocumentClient | undefined;
export function documentClient(): DynamoDBDocumentClient {
  documents ??= DynamoDBDocumentClient.from(new DynamoDBClient({ logger: noAnswerLog }), {
    marshallOptions: { removeUndefinedValues: true },
  });
  return documents;
}

let eventBridge: EventBridgeClient | undefined;
export function eventBridgeClient(): EventBridgeClient {
  eventBridge ??= new EventBridgeClient({});
  return eventBridge;
}
