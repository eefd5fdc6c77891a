import { BinaryReader } from '@bufbuild/protobuf/wire';

/** Reads one field of a message. */
export type FieldReader = (reader: BinaryReader) => void;

/** Reads a message of protocol buffers, calling the reader of each field by its number; other fields are passed over. */
export function readMessage(bytes: Uint8Array, fields: Readonly<Record<number, FieldReader>>): void {
  const reader = new BinaryReader(bytes);
  while (reader.pos < reader.len) {
    const [number, wireType] = reader.tag();
    const read = fields[number];
    if (read) read(reader);
    else reader.skip(wireType, number);
  }
}
