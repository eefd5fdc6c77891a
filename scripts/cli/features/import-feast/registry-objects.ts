/** A column as Feast declares it; `valueType` is a number of its enumeration ValueType. */
export interface FeastField {
  readonly name: string;
  readonly valueType: number;
  readonly description: string;
}

/** What Feast's objects say about themselves. */
export interface FeastAbout {
  readonly name: string;
  readonly project: string;
  readonly description: string;
  readonly owner: string;
  readonly tags: Readonly<Record<string, string>>;
}

export interface FeastEntity extends FeastAbout {
  readonly joinKey: string;
  readonly valueType: number;
}

/** `type` is a number of Feast's enumeration SourceType. */
export interface FeastSource extends FeastAbout {
  readonly type: number;
  readonly timestampField: string;
  readonly createdTimestampColumn: string;
  readonly datePartitionColumn: string;
  readonly fieldMapping: Readonly<Record<string, string>>;
  readonly schema: readonly FeastField[];
}

export interface FeastAggregation {
  readonly name: string;
  readonly column: string;
  readonly function: string;
  readonly windowSeconds: number;
}

export interface FeastView extends FeastAbout {
  readonly entities: readonly string[];
  readonly features: readonly FeastField[];
  readonly entityColumns: readonly FeastField[];
  readonly ttlSeconds: number;
  readonly online: boolean;
  readonly batchSource?: FeastSource;
  readonly streamSource?: FeastSource;
  readonly aggregations: readonly FeastAggregation[];
  /** Whether Python code makes its features of the source's columns. */
  readonly isTransformed: boolean;
}

export interface FeastOnDemandView extends FeastAbout {
  readonly features: readonly FeastField[];
  /** Names of views, and of request members. */
  readonly inputs: readonly string[];
}

export interface FeastService extends FeastAbout {
  readonly views: readonly {
    readonly view: string;
    readonly alias: string;
    readonly features: readonly string[];
    readonly joinKeyMap: Readonly<Record<string, string>>;
  }[];
}

export interface FeastRegistry {
  readonly entities: readonly FeastEntity[];
  readonly views: readonly FeastView[];
  readonly onDemandViews: readonly FeastOnDemandView[];
  readonly services: readonly FeastService[];
}
