import type { BinaryReader } from '@bufbuild/protobuf/wire';
import { type FieldReader, readMessage } from '../../loggers/protobuf.ts';
import type { FeastField, FeastSource } from './registry-objects.ts';

/** Objects of a registry hold what is declared as field 1 (`spec`), beside what Feast notes about them. */
export const nested =
  (read: (spec: Uint8Array) => void): FieldReader =>
  (reader) =>
    readMessage(reader.bytes(), { 1: (inside) => read(inside.bytes()) });

/** Numbers of fields that objects differ in. */
export interface AboutFields {
  readonly name: number;
  readonly project: number;
  readonly tags: number;
  readonly description: number;
  readonly owner: number;
}

export function aboutReaders(fields: AboutFields) {
  const about = { name: '', project: '', description: '', owner: '', tags: {} as Record<string, string> };
  const text = (member: 'name' | 'project' | 'description' | 'owner') => (reader: BinaryReader) => {
    about[member] = reader.string();
  };
  return {
    about,
    readers: {
      [fields.name]: text('name'),
      [fields.project]: text('project'),
      [fields.description]: text('description'),
      [fields.owner]: text('owner'),
      [fields.tags]: mapEntry(about.tags),
    } as Record<number, FieldReader>,
  };
}

export const mapEntry =
  (map: Record<string, string>): FieldReader =>
  (reader) => {
    let [key, value] = ['', ''];
    readMessage(reader.bytes(), {
      1: (inside) => {
        key = inside.string();
      },
      2: (inside) => {
        value = inside.string();
      },
    });
    map[key] = value;
  };

export function readField(bytes: Uint8Array): FeastField {
  let [name, valueType, description] = ['', 0, ''];
  readMessage(bytes, {
    1: (reader) => {
      name = reader.string();
    },
    2: (reader) => {
      valueType = reader.int32();
    },
    4: (reader) => {
      description = reader.string();
    },
  });
  return { name, valueType, description };
}

export function readSource(bytes: Uint8Array): FeastSource {
  const { about, readers } = aboutReaders({ name: 20, project: 21, tags: 24, description: 23, owner: 25 });
  const fieldMapping: Record<string, string> = {};
  const schema: FeastField[] = [];
  let [type, timestampField, createdTimestampColumn, datePartitionColumn] = [0, '', '', ''];
  readMessage(bytes, {
    ...readers,
    1: (reader) => {
      type = reader.int32();
    },
    2: mapEntry(fieldMapping),
    3: (reader) => {
      timestampField = reader.string();
    },
    4: (reader) => {
      datePartitionColumn = reader.string();
    },
    5: (reader) => {
      createdTimestampColumn = reader.string();
    },
    // Of request sources: their members.
    18: (reader) =>
      readMessage(reader.bytes(), { 3: (inside) => void schema.push(readField(inside.bytes())) }),
  });
  return {
    ...about,
    type,
    timestampField,
    createdTimestampColumn,
    datePartitionColumn,
    fieldMapping,
    schema,
  };
}

/** Seconds of a Duration, rounded up: what is a little longer than whole seconds must not expire before its time. */
export function readDuration(bytes: Uint8Array): number {
  let [seconds, nanos] = [0, 0];
  readMessage(bytes, {
    1: (reader) => {
      seconds = Number(reader.int64());
    },
    2: (reader) => {
      nanos = reader.int32();
    },
  });
  return seconds + (nanos > 0 ? 1 : 0);
}
