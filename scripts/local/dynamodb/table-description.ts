import type { TableRecord } from './types.ts';

/** How many items a table holds; DynamoDB refreshes these figures about every six hours. */
export interface TableSize {
  readonly itemCount: number;
  readonly sizeBytes: number;
}

/** The `Table` of DescribeTable. */
export function describeTable(table: TableRecord, size: TableSize): Record<string, unknown> {
  const billing = { BillingMode: table.BillingMode };
  const indexes = (definitions: TableRecord['GlobalSecondaryIndexes'], status: Record<string, unknown>) =>
    definitions.length === 0
      ? undefined
      : definitions.map((index) => ({
          ...index,
          ...status,
          IndexArn: `${table.TableArn}/index/${index.IndexName}`,
        }));
  return {
    TableName: table.TableName,
    TableArn: table.TableArn,
    TableId: table.TableId,
    TableStatus: 'ACTIVE',
    CreationDateTime: table.createdAtMs / 1000,
    AttributeDefinitions: table.AttributeDefinitions,
    KeySchema: table.KeySchema,
    ProvisionedThroughput: {
      NumberOfDecreasesToday: 0,
      ReadCapacityUnits: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
      WriteCapacityUnits: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
    },
    BillingModeSummary: table.BillingMode === 'PAY_PER_REQUEST' ? billing : undefined,
    TableClassSummary: { TableClass: table.TableClass },
    GlobalSecondaryIndexes: indexes(table.GlobalSecondaryIndexes, { IndexStatus: 'ACTIVE' }),
    LocalSecondaryIndexes: indexes(table.LocalSecondaryIndexes, {}),
    StreamSpecification:
      table.StreamViewType === undefined
        ? undefined
        : { StreamEnabled: true, StreamViewType: table.StreamViewType },
    LatestStreamArn: table.LatestStreamArn,
    LatestStreamLabel: table.LatestStreamLabel,
    SSEDescription: describeEncryption(table),
    DeletionProtectionEnabled: table.DeletionProtectionEnabled,
    ItemCount: size.itemCount,
    TableSizeBytes: size.sizeBytes,
  };
}

/** The default, an AWS owned key, is not described. */
function describeEncryption(table: TableRecord): Record<string, unknown> | undefined {
  const { SSESpecification } = table;
  if (SSESpecification?.SSEEnabled !== true) return undefined;
  const { SSEType = 'KMS', KMSMasterKeyId } = SSESpecification;
  return { Status: 'ENABLED', SSEType, KMSMasterKeyArn: KMSMasterKeyId };
}

/** The `ContinuousBackupsDescription` of DescribeContinuousBackups. */
export function describeBackups(table: TableRecord, nowMs: number): Record<string, unknown> {
  const { enabled, periodInDays } = table.pointInTimeRecovery;
  const oldestMs = Math.max(table.createdAtMs, nowMs - periodInDays * 24 * 60 * 60 * 1000);
  return {
    ContinuousBackupsStatus: 'ENABLED',
    PointInTimeRecoveryDescription: enabled
      ? {
          PointInTimeRecoveryStatus: 'ENABLED',
          RecoveryPeriodInDays: periodInDays,
          EarliestRestorableDateTime: oldestMs / 1000,
          LatestRestorableDateTime: nowMs / 1000,
        }
      : { PointInTimeRecoveryStatus: 'DISABLED' },
  };
}
