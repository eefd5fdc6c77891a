import { readMessage } from './protobuf.ts';

/** One value of a summary; what it holds depends on who wrote it. */
export interface SummaryValue {
  readonly tag: string;
  readonly scalar?: number;
  /** Bytes of an image file. */
  readonly image?: Uint8Array;
  readonly text?: Uint8Array;
  /** Name of the plugin that it was written for, and what it keeps. */
  readonly plugin?: string;
  readonly pluginContent?: Uint8Array;
}

export interface TensorboardEvent {
  readonly wallTimeMs: number;
  readonly step: number;
  readonly values: readonly SummaryValue[];
}

/** Reads an Event (tensorboard/compat/proto/event.proto, summary.proto and tensor.proto). */
export function readEvent(bytes: Uint8Array): TensorboardEvent {
  let wallTimeMs = 0;
  let step = 0;
  const values: SummaryValue[] = [];
  readMessage(bytes, {
    1: (reader) => {
      wallTimeMs = Math.round(reader.double() * 1000);
    },
    2: (reader) => {
      step = Number(reader.int64());
    },
    5: (reader) => readMessage(reader.bytes(), { 1: (inner) => void values.push(readValue(inner.bytes())) }),
  });
  return { wallTimeMs, step, values };
}

type Mutable<T> = { -readonly [Name in keyof T]: T[Name] };

function readValue(bytes: Uint8Array): SummaryValue {
  const value: Mutable<SummaryValue> = { tag: '' };
  let tensor: Tensor | undefined;
  readMessage(bytes, {
    1: (reader) => {
      value.tag = reader.string();
    },
    2: (reader) => {
      value.scalar = reader.float();
    },
    4: (reader) =>
      readMessage(reader.bytes(), {
        4: (inner) => {
          value.image = inner.bytes();
        },
      }),
    8: (reader) => {
      tensor = readTensor(reader.bytes());
    },
    9: (reader) =>
      readMessage(reader.bytes(), {
        1: (inner) =>
          readMessage(inner.bytes(), {
            1: (plugin) => {
              value.plugin = plugin.string();
            },
            2: (plugin) => {
              value.pluginContent = plugin.bytes();
            },
          }),
      }),
  });
  return { ...value, ...(tensor ? contentOf(tensor, value.plugin) : {}) };
}

/** TensorFlow 2 writes scalars, texts and images as tensors; the plugin says which. The first two strings of an image are its size. */
function contentOf({ numbers, strings }: Tensor, plugin: string | undefined): Partial<SummaryValue> {
  if (plugin === 'scalars' && numbers[0] !== undefined) return { scalar: numbers[0] };
  if (plugin === 'text' && strings[0] !== undefined) return { text: strings[0] };
  if (plugin === 'images' && strings[2] !== undefined) return { image: strings[2] };
  return {};
}

interface Tensor {
  readonly numbers: readonly number[];
  readonly strings: readonly Uint8Array[];
}

/** DT_FLOAT and DT_DOUBLE (tensorflow/core/framework/types.proto). */
const floatType = 1;
const doubleType = 2;

function readTensor(bytes: Uint8Array): Tensor {
  let type = 0;
  let content: Uint8Array = new Uint8Array();
  const numbers: number[] = [];
  const strings: Uint8Array[] = [];
  readMessage(bytes, {
    1: (reader) => {
      type = reader.int32();
    },
    4: (reader) => {
      content = reader.bytes();
    },
    5: (reader) => void numbers.push(...packed(reader.bytes(), floatType)),
    6: (reader) => void numbers.push(...packed(reader.bytes(), doubleType)),
    8: (reader) => void strings.push(reader.bytes()),
  });
  return { numbers: content.length > 0 ? packed(content, type) : numbers, strings };
}

function packed(bytes: Uint8Array, type: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = type === doubleType ? 8 : 4;
  if (type !== doubleType && type !== floatType) return [];
  return Array.from({ length: Math.floor(bytes.length / size) }, (_one, at) =>
    type === doubleType ? view.getFloat64(at * size, true) : view.getFloat32(at * size, true),
  );
}
