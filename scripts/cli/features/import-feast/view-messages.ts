import { type FieldReader, readMessage } from '../../loggers/protobuf.ts';
import { type AboutFields, aboutReaders, readDuration, readField, readSource } from './message-parts.ts';
import type { FeastAggregation, FeastField, FeastSource, FeastView } from './registry-objects.ts';

/** Numbers of the fields of views and of stream views. */
interface ViewFields extends AboutFields {
  readonly entityColumns: number;
  readonly ttl: number;
  readonly batchSource: number;
  readonly streamSource: number;
  readonly online: number;
  readonly aggregations?: number;
  /** Fields that hold code. */
  readonly transformations: readonly number[];
}
/** Of feature views. */
export const viewFields: ViewFields = {
  name: 1,
  project: 2,
  tags: 5,
  description: 10,
  owner: 11,
  entityColumns: 12,
  ttl: 6,
  batchSource: 7,
  streamSource: 9,
  online: 8,
  transformations: [15],
};
/** Of stream feature views. */
export const streamViewFields: ViewFields = {
  name: 1,
  project: 2,
  tags: 7,
  description: 6,
  owner: 8,
  entityColumns: 5,
  ttl: 9,
  batchSource: 10,
  streamSource: 11,
  online: 12,
  aggregations: 15,
  transformations: [13, 17],
};

/** A view, or what others hold of one. */
export function readView(spec: Uint8Array, fields: ViewFields): FeastView {
  const { about, readers } = aboutReaders(fields);
  const entities: string[] = [];
  const features: FeastField[] = [];
  const entityColumns: FeastField[] = [];
  const aggregations: FeastAggregation[] = [];
  const sources: { batchSource?: FeastSource; streamSource?: FeastSource } = {};
  let [ttlSeconds, online, isTransformed] = [0, false, false];
  const transformed: FieldReader = (reader) => {
    isTransformed = reader.bytes().length > 0 || isTransformed;
  };
  readMessage(spec, {
    ...readers,
    3: (reader) => void entities.push(reader.string()),
    4: (reader) => void features.push(readField(reader.bytes())),
    [fields.entityColumns]: (reader) => void entityColumns.push(readField(reader.bytes())),
    [fields.ttl]: (reader) => {
      ttlSeconds = readDuration(reader.bytes());
    },
    [fields.batchSource]: (reader) => {
      sources.batchSource = readSource(reader.bytes());
    },
    [fields.streamSource]: (reader) => {
      sources.streamSource = readSource(reader.bytes());
    },
    [fields.online]: (reader) => {
      online = reader.bool();
    },
    ...(fields.aggregations === undefined
      ? {}
      : { [fields.aggregations]: (reader) => void aggregations.push(readAggregation(reader.bytes())) }),
    ...Object.fromEntries(fields.transformations.map((number) => [number, transformed])),
  });
  return {
    ...about,
    ...sources,
    entities,
    features,
    entityColumns,
    ttlSeconds,
    online,
    aggregations,
    isTransformed,
  };
}

function readAggregation(bytes: Uint8Array): FeastAggregation {
  let [column, fn, windowSeconds, name] = ['', '', 0, ''];
  readMessage(bytes, {
    1: (reader) => {
      column = reader.string();
    },
    2: (reader) => {
      fn = reader.string();
    },
    3: (reader) => {
      windowSeconds = readDuration(reader.bytes());
    },
    5: (reader) => {
      name = reader.string();
    },
  });
  return { column, function: fn, windowSeconds, name };
}
