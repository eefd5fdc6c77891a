/**
 * The internal modules of dynalite 4.0.0 that are called here, as far as they are called. They are no public interface, so
 * its version is pinned and the tests of this folder tell when one changes.
 */
declare module 'dynalite/db/index.js' {
  type Item = Record<string, Readonly<Record<string, unknown>>>;
  type Callback<T> = (error: unknown, value?: T) => void;
  interface KeyElement {
    readonly AttributeName: string;
    readonly KeyType: string;
  }
  interface Index {
    readonly IndexName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly Projection: { readonly ProjectionType: string; readonly NonKeyAttributes?: readonly string[] };
  }
  /** The members of a table description that the engine reads. */
  interface Table {
    readonly TableName: string;
    readonly KeySchema: readonly KeyElement[];
    readonly AttributeDefinitions: readonly {
      readonly AttributeName: string;
      readonly AttributeType: string;
    }[];
    readonly GlobalSecondaryIndexes?: readonly Index[];
    readonly LocalSecondaryIndexes?: readonly Index[];
  }
  interface RangeOptions {
    readonly gt?: string;
    readonly gte?: string;
    readonly lt?: string;
    readonly lte?: string;
    readonly reverse?: boolean;
    readonly limit?: number;
  }
  /** A key-value space: the items of a table or the entries of an index. */
  interface KeySpace {
    get(key: string, callback: Callback<Item>): void;
    put(key: string, value: Item, callback: Callback<void>): void;
    del(key: string, callback: Callback<void>): void;
    createValueStream(options: RangeOptions): import('node:stream').Readable;
    /** Calls back with a function that wraps the final callback, so that it releases the lock. */
    lock(key: string, callback: (release: <T>(inner: T) => T) => void): void;
  }
  interface Store {
    readonly options: { readonly maxItemSize: number };
    getTable(
      name: string,
      ...rest: [Callback<Table>] | [checkStatus: boolean, callback: Callback<Table>]
    ): void;
    getItemDb(tableName: string): KeySpace;
    getIndexDb(indexType: string, tableName: string, indexName: string): KeySpace;
  }
  interface IndexActions {
    readonly puts: readonly { readonly index: string; readonly key: string; readonly item: Item }[];
    readonly deletes: readonly { readonly index: string; readonly key: string }[];
  }
  interface Engine {
    createKey(item: Item, table: Table): string;
    validateKey(key: Item, table: Table): Error | null | undefined;
    validateKeyPaths(paths: unknown, table: Table): Error | null | undefined;
    checkConditional(data: object, existing: Item | undefined): Error | null | undefined;
    itemSize(item: Item): number;
    getIndexActions(
      indexes: readonly Index[],
      existing: Item | null,
      item: Item | null,
      table: Table,
    ): IndexActions;
  }
  const engine: Engine;
  export default engine;
  export type { Index, IndexActions, Item, KeySpace, RangeOptions, Store, Table };
}

declare module 'dynalite/validations/index.js' {
  interface Validations {
    /** Coerces as the service does and drops unknown members; throws SerializationException. */
    checkTypes(data: object, types: object): Record<string, unknown>;
    /** Throws ValidationException; parses expressions into `_condition`, `_updates`, `_projection`… of `data`. */
    checkValidations(
      data: object,
      types: object,
      custom: unknown,
      store: { options: { maxItemSize: number } },
    ): void;
    /** What is wrong with a value, if anything; writes its numbers in their normal form. */
    validateAttributeValue(value: object): string | undefined;
  }
  const validations: Validations;
  export default validations;
}

declare module 'dynalite/validations/*' {
  const validation: { readonly types: object; readonly custom?: unknown };
  export default validation;
}

declare module 'dynalite/actions/*' {
  const action: (
    store: import('dynalite/db/index.js').Store,
    data: object,
    callback: (error: unknown, answer?: Record<string, unknown>) => void,
  ) => void;
  export default action;
}
