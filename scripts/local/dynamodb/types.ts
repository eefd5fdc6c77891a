/** An attribute value in wire form, e.g. `{ S: 'a' }`. */
type AttributeValue = Readonly<Record<string, unknown>>;
/** An item, or the key of one, in wire form. */
export type AttributeMap = Record<string, AttributeValue>;

interface KeySchemaElement {
  readonly AttributeName: string;
  readonly KeyType: 'HASH' | 'RANGE';
}

interface Projection {
  readonly ProjectionType: 'ALL' | 'INCLUDE' | 'KEYS_ONLY';
  readonly NonKeyAttributes?: readonly string[];
}

/** A secondary index as it is declared. */
export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeySchemaElement[];
  readonly Projection: Projection;
}

type StreamViewType = 'KEYS_ONLY' | 'NEW_IMAGE' | 'OLD_IMAGE' | 'NEW_AND_OLD_IMAGES';

/** What a template or CreateTable says about a table. */
export interface TableDefinition {
  readonly TableName: string;
  readonly AttributeDefinitions: readonly {
    readonly AttributeName: string;
    readonly AttributeType: 'S' | 'N' | 'B';
  }[];
  readonly KeySchema: readonly KeySchemaElement[];
  readonly GlobalSecondaryIndexes: readonly IndexDefinition[];
  readonly LocalSecondaryIndexes: readonly IndexDefinition[];
  readonly BillingMode: 'PROVISIONED' | 'PAY_PER_REQUEST';
  readonly ProvisionedThroughput?: {
    readonly ReadCapacityUnits: number;
    readonly WriteCapacityUnits: number;
  };
  /** Absent: no change stream. */
  readonly StreamViewType?: StreamViewType;
  readonly DeletionProtectionEnabled: boolean;
  readonly SSESpecification?: {
    readonly SSEEnabled?: boolean;
    readonly SSEType?: string;
    readonly KMSMasterKeyId?: string;
  };
  readonly TableClass: string;
}

/** A table as it is kept on disk: its definition, what was made for it, and its settings. */
export interface TableRecord extends TableDefinition {
  readonly TableArn: string;
  readonly TableId: string;
  /** Milliseconds since the epoch. */
  readonly createdAtMs: number;
  /** Set with StreamViewType; a stream that is switched off and on again is a new one. */
  readonly LatestStreamLabel?: string;
  readonly LatestStreamArn?: string;
  /** Attribute that holds the expiry in epoch seconds; absent: no time to live. */
  readonly timeToLiveAttribute?: string;
  readonly pointInTimeRecovery: { readonly enabled: boolean; readonly periodInDays: number };
  readonly tags: Readonly<Record<string, string>>;
}

/** The data operations that dynalite carries out. */
export type EngineOperation =
  | 'GetItem'
  | 'BatchGetItem'
  | 'Query'
  | 'Scan'
  | 'PutItem'
  | 'UpdateItem'
  | 'DeleteItem'
  | 'BatchWriteItem';
