import {
  AwsError,
  type AwsRequest,
  type DynamoDbStreamsApi,
  type EmulatedService,
  type ProvisionedResource,
  type ResourceDeclaration,
  type RuntimeContext,
} from '../emulated-service.ts';
import { ChangeStreams } from './change-stream.ts';
import { ItemWriter } from './item-writer.ts';
import { Operations } from './operations.ts';
import { PermissionMap } from './permissions.ts';
import { Storage } from './storage.ts';
import { Sweeper } from './sweeper.ts';
import { TableCatalog } from './table-catalog.ts';
import { readDeclaredTable } from './table-definition.ts';
import { withTableNames } from './table-name.ts';
import { TableOperations } from './table-operations.ts';
import { Tables } from './tables.ts';
import { Transactions } from './transactions.ts';
import type { TableRecord } from './types.ts';

type Input = Readonly<Record<string, unknown>>;

/** DynamoDB: the engine of dynalite on one LevelDB, with transactions, time to live and change streams around it. */
export function createDynamoDb(context: RuntimeContext): EmulatedService & DynamoDbStreamsApi {
  const storage = new Storage(context.folder('dynamodb'));
  const catalog = new TableCatalog(storage);
  const streams = new ChangeStreams(storage, catalog, context);
  const writer = new ItemWriter(storage, catalog, streams);
  const tables = new Tables(storage, catalog, writer, context);
  const transactions = new Transactions(storage, catalog, writer, context.now);
  const tableOperations = new TableOperations(storage, catalog, tables, context.now);
  const permissions = new PermissionMap(catalog, context.region, context.accountId);
  const sweeper = new Sweeper({ storage, catalog, writer, streams, transactions, context });

  const operations = new Operations({ storage, catalog, writer, transactions, tableOperations });

  return {
    name: 'dynamodb',
    signingNames: ['dynamodb'],
    resourceTypes: ['AWS::DynamoDB::Table', 'AWS::DynamoDB::GlobalTable'],
    async start() {
      await storage.open(async () => {
        await catalog.load();
        await streams.load();
      });
    },
    async resume() {
      sweeper.start();
    },
    async provision(resource) {
      const { definition, ...settings } = readDeclaredTable(
        resource.type,
        resource.properties,
        context.region,
      );
      return toProvisioned(await tables.declare(definition, settings));
    },
    async deprovision(resource: ResourceDeclaration) {
      const name = resource.previous?.ref;
      if (name !== undefined && catalog.find(name) !== undefined) await tables.drop(name);
    },
    async authorize(request) {
      return permissions.required(operationOf(request), await inputOf(request));
    },
    async handle(request) {
      const operation = operationOf(request);
      const answer = await operations.run(operation, withTableNames(await inputOf(request)));
      return {
        status: 200,
        headers: { 'content-type': 'application/x-amz-json-1.0' },
        body: JSON.stringify(answer),
      };
    },
    async stop() {
      await sweeper.stop();
      await writer.idle();
      await storage.close();
    },
    readStream: (streamArn, after, limit) => streams.read(streamArn, after, limit),
    latestSequenceNumber: async (streamArn) => streams.newestSequenceNumber(streamArn),
    onStreamRecord: (streamArn, listener) => streams.subscribe(streamArn, listener),
  };
}

/** `x-amz-target: DynamoDB_20120810.<Operation>`. */
function operationOf(request: AwsRequest): string {
  const [service, operation] = (request.headers['x-amz-target'] ?? '').split('.');
  if (service === 'DynamoDB_20120810' && operation) return operation;
  if (service === 'DynamoDBStreams_20120810') {
    throw new AwsError(
      'NotImplemented',
      `The laptop runtime does not imitate dynamodbstreams:${operation}.`,
      501,
    );
  }
  throw new AwsError(
    'UnknownOperationException',
    `Unknown operation ${request.headers['x-amz-target'] ?? ''}`,
  );
}

/** What requests say, read once: to decide about a request and to carry it out. */
const inputs = new WeakMap<AwsRequest, Promise<Input>>();

function inputOf(request: AwsRequest): Promise<Input> {
  const known = inputs.get(request) ?? parsedInput(request);
  inputs.set(request, known);
  return known;
}

async function parsedInput(request: AwsRequest): Promise<Input> {
  try {
    return JSON.parse((await request.bytes()).toString('utf8')) as Input;
  } catch (error) {
    if (error instanceof SyntaxError)
      throw new AwsError('SerializationException', 'The request body is no JSON');
    throw error;
  }
}

function toProvisioned(table: TableRecord): ProvisionedResource {
  return {
    ref: table.TableName,
    attributes: {
      Arn: table.TableArn,
      TableId: table.TableId,
      ...(table.LatestStreamArn === undefined ? {} : { StreamArn: table.LatestStreamArn }),
    },
  };
}
