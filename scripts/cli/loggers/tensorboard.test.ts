import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Crc32c } from '@aws-crypto/crc32c';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { tensorboardRuns } from './tensorboard.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-tensorboard-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Write = (writer: BinaryWriter) => BinaryWriter;
const message = (write: Write): Uint8Array => write(new BinaryWriter()).finish();

/** A scalar as the first TensorFlow wrote it. */
const simple = (tag: string, value: number): Uint8Array =>
  message((writer) => writer.tag(1, 2).string(tag).tag(2, 5).float(value));

/** A tensor for a plugin, as TensorFlow 2 writes it. */
const tensor = (tag: string, plugin: string, write: Write): Uint8Array =>
  message((writer) =>
    writer
      .tag(1, 2)
      .string(tag)
      .tag(8, 2)
      .bytes(message(write))
      .tag(9, 2)
      .bytes(message((meta) => meta.tag(1, 2).bytes(message((data) => data.tag(1, 2).string(plugin))))),
  );

const event = (step: number, ...values: Uint8Array[]): Uint8Array =>
  message((writer) => {
    const summary = message((inner) => values.reduce((all, value) => all.tag(1, 2).bytes(value), inner));
    return writer
      .tag(1, 1)
      .double(1_700_000_000 + step)
      .tag(2, 0)
      .int64(step)
      .tag(5, 2)
      .bytes(summary);
  });

function masked(bytes: Uint8Array): Buffer {
  const crc = new Crc32c().update(bytes).digest();
  const out = Buffer.alloc(4);
  out.writeUInt32LE((((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0);
  return out;
}

function record(data: Uint8Array): Buffer {
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(data.length));
  return Buffer.concat([length, masked(length), data, masked(data)]);
}

function writeEvents(run: string, ...content: Uint8Array[]): void {
  mkdirSync(path.join(folder, run), { recursive: true });
  writeFileSync(path.join(folder, run, 'events.out.tfevents.1.host'), Buffer.concat(content));
}

describe("TensorBoard's event files", () => {
  it('are a run for each folder, with the scalars of both versions of TensorFlow as metrics', async () => {
    writeEvents('train', record(event(1, simple('loss', 0.5))), record(event(2, simple('loss', 0.25))));
    const eightBytes = Buffer.alloc(8);
    eightBytes.writeDoubleLE(0.75);
    writeEvents(
      'val/fold 1',
      record(
        event(
          3,
          tensor('acc', 'scalars', (writer) => writer.tag(1, 0).int32(2).tag(4, 2).bytes(eightBytes)),
        ),
      ),
    );
    const runs = await tensorboardRuns(folder);
    expect(runs.map(({ name, metrics }) => ({ name, metrics }))).toEqual([
      {
        name: 'train',
        metrics: [
          { key: 'loss', value: 0.5, timestamp: 1_700_000_001_000, step: 1 },
          { key: 'loss', value: 0.25, timestamp: 1_700_000_002_000, step: 2 },
        ],
      },
      { name: 'val/fold 1', metrics: [{ key: 'acc', value: 0.75, timestamp: 1_700_000_003_000, step: 3 }] },
    ]);
  });

  it('give pictures and texts as artifacts, and say what there is no place for', async () => {
    const bytes = (text: string) => Buffer.from(text);
    writeEvents(
      'run',
      record(
        event(
          4,
          tensor('note', 'text', (writer) => writer.tag(1, 0).int32(7).tag(8, 2).bytes(bytes('hello'))),
          tensor('pic', 'images', (writer) =>
            ['2', '2', 'png'].reduce((all, text) => all.tag(8, 2).bytes(bytes(text)), writer),
          ),
          tensor('weights', 'histograms', (writer) => writer),
        ),
      ),
    );
    const [run] = await tensorboardRuns(folder);
    expect(run?.files).toEqual([
      { path: 'text/note/4.md', content: bytes('hello') },
      { path: 'images/pic/4.png', content: bytes('png') },
    ]);
    expect(run?.leftBehind).toEqual([{ what: "run: histograms 'weights'", why: 'there is no place for it' }]);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 3)],
    ['damaged', (bytes: Buffer) => Buffer.concat([bytes.subarray(0, -6), Buffer.alloc(6)])],
  ])('are read up to where they are %s', async (_how, break_) => {
    writeEvents('run', record(event(1, simple('loss', 0.5))), break_(record(event(2, simple('loss', 0.25)))));
    const [run] = await tensorboardRuns(folder);
    expect(run?.metrics).toHaveLength(1);
    expect(run?.leftBehind[0]?.what).toMatch(/damaged from byte \d+ on/);
  });

  it('have names of metrics that MLflow takes', async () => {
    writeEvents('run', record(event(1, simple('top-1 (%)//../ü', 1))));
    const [run] = await tensorboardRuns(folder);
    expect(run?.metrics[0]?.key).toBe('top-1 ___/ü');
  });
});
