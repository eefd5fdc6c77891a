import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { tableName } from '#shared/kernel/names.ts';
import { ServiceFunction } from './service-function.ts';
import type { ServiceStack } from './service-stack.ts';

/**
 * The one table of a service: keys `pk` and `sk`, index `gsi1` (`gsi1pk`, `gsi1sk`), items go when `expiresAt` (epoch seconds)
 * has passed. What a use case saves with prefix `OUTBOX#` is put on the bus by services/<service>/handlers/publish-outbox.ts.
 */
export class ServiceTable extends Construct {
  readonly table: Table;
  readonly #hasIndex: boolean;
  readonly #stack: ServiceStack;

  constructor(stack: ServiceStack, options: { secondIndex?: boolean; outbox?: boolean } = {}) {
    super(stack, 'Table');
    this.#stack = stack;
    const { platform, service } = stack;
    const { removalProtection } = platform.config;
    const publishes = options.outbox ?? true;
    this.#hasIndex = options.secondIndex ?? true;
    this.table = new Table(this, 'Table', {
      tableName: tableName(platform.stage, service),
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      timeToLiveAttribute: 'expiresAt',
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: removalProtection,
      removalPolicy: removalProtection ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
      ...(publishes ? { stream: StreamViewType.NEW_IMAGE } : {}),
    });
    if (this.#hasIndex) {
      this.table.addGlobalSecondaryIndex({
        indexName: 'gsi1',
        partitionKey: { name: 'gsi1pk', type: AttributeType.STRING },
        sortKey: { name: 'gsi1sk', type: AttributeType.STRING },
      });
    }
    if (publishes) publishOutbox(stack, this);
  }

  /**
   * Calls a function with new items whose `pk` begins with one of the prefixes, in order and at least once; what it cannot take
   * after many tries goes to the service's dead-letter queue. At most two functions may read a stream.
   */
  streamNewItems(
    fn: ServiceFunction,
    options: { id: string; keyPrefixes: readonly string[]; batchSize: number; windowSeconds?: number },
  ): void {
    const { queueArn } = this.#stack.deadLetters;
    const streamArn = this.table.tableStreamArn!;
    fn.allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], [streamArn])
      .allow(['dynamodb:ListStreams'], ['*'], { reason: 'Lambda lists streams, which names no resource.' })
      .allow(['sqs:SendMessage'], [queueArn]);
    const mapping = fn.function.addEventSourceMapping(options.id, {
      eventSourceArn: streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      batchSize: options.batchSize,
      ...(options.windowSeconds ? { maxBatchingWindow: Duration.seconds(options.windowSeconds) } : {}),
      bisectBatchOnError: true,
      reportBatchItemFailures: true,
      retryAttempts: 100,
      onFailure: { bind: () => ({ destination: queueArn }) },
      filters: options.keyPrefixes.map((prefix) =>
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { pk: { S: FilterRule.beginsWith(prefix) } } },
        }),
      ),
    });
    // Lambda reads the stream once when the mapping is made, so the role must be able to by then.
    mapping.node.addDependency(fn.function.role!);
  }

  /** What `createTable` of shared/aws does: reads by key and by index, and transactions of every kind of write. */
  grantReadWrite(fn: ServiceFunction): void {
    this.grant(fn, 'GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem');
  }

  /** Allows DynamoDB actions by name (`GetItem`, `Query`, …), on the index too, and tells the function the table's name. */
  grant(fn: ServiceFunction, ...actions: readonly string[]): void {
    this.grantByKey(fn, ...actions);
    if (this.#hasIndex && actions.includes('Query')) this.grantIndexQuery(fn);
  }

  /** As `grant`, for functions that ask no index. */
  grantByKey(fn: ServiceFunction, ...actions: readonly string[]): void {
    fn.allow(
      actions.map((action) => `dynamodb:${action}`),
      [this.table.tableArn],
    );
    fn.addEnvironment('TABLE_NAME', this.table.tableName);
  }

  /** Allows queries of `gsi1` and nothing else, and tells the function the table's name. */
  grantIndexQuery(fn: ServiceFunction): void {
    if (!this.#hasIndex) throw new Error(`${this.node.path} has no gsi1: make the table with an index.`);
    fn.allow(['dynamodb:Query'], [`${this.table.tableArn}/index/gsi1`]);
    fn.addEnvironment('TABLE_NAME', this.table.tableName);
  }
}

/** The function that puts new outbox items on the bus, in order and at least once. */
function publishOutbox(stack: ServiceStack, table: ServiceTable): void {
  const { platform } = stack;
  const publisher = new ServiceFunction(stack, 'publish-outbox', {
    description: `Puts the outbox of ${stack.service} on the bus`,
    environment: { EVENT_BUS_NAME: platform.busName },
    memorySizeMb: 256,
  }).allow(['events:PutEvents'], [platform.busArn]);
  table.streamNewItems(publisher, { id: 'Outbox', keyPrefixes: ['OUTBOX#'], batchSize: 100 });
}
