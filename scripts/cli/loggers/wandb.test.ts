import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { BinaryWriter } from '@bufbuild/protobuf/wire';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { wandbRuns } from './wandb.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-wandb-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

type Write = (writer: BinaryWriter) => BinaryWriter;
const message = (write: Write): Uint8Array => write(new BinaryWriter()).finish();
const record = (field: number, content: Uint8Array): Uint8Array =>
  message((writer) => writer.tag(field, 2).bytes(content));
/** Items under field 1: a path of keys, and a value. */
const items = (values: Readonly<Record<string, unknown>>): Uint8Array =>
  message((writer) =>
    Object.entries(values).reduce(
      (all, [key, value]) =>
        all.tag(1, 2).bytes(
          message((item) =>
            key
              .split('.')
              .reduce((inner, part) => inner.tag(2, 2).string(part), item)
              .tag(16, 2)
              .string(Number.isNaN(value) ? 'NaN' : JSON.stringify(value)),
          ),
        ),
      writer,
    ),
  );

const history = (step: number, values: Readonly<Record<string, unknown>>) =>
  record(2, items({ ...values, _step: step, _timestamp: 1_700_000_000.5 + step }));
const run = record(
  17,
  message((writer) =>
    writer
      .tag(1, 2)
      .string('abc123')
      .tag(3, 2)
      .string('fruit')
      .tag(4, 2)
      .bytes(items({ lr: 0.1, opt: { name: 'adam' }, _wandb: {} }))
      .tag(8, 2)
      .string('plum')
      .tag(10, 2)
      .string('first try'),
  ),
);
const exit = (code: number) =>
  record(
    18,
    message((writer) => writer.tag(1, 0).int32(code)),
  );

/** LevelDB's log format, in blocks of 32 KiB after a header of 7 bytes. */
function logOf(records: readonly Uint8Array[]): Buffer {
  const header = Buffer.from([0x3a, 0x57, 0x26, 0x42, 0xe1, 0xbe, 0]);
  let out: Buffer = header;
  const append = (type: number, data: Uint8Array) => {
    const typed = Buffer.concat([Buffer.from([type]), data]);
    const head = Buffer.alloc(6);
    head.writeUInt32LE(crc32(typed));
    head.writeUInt16LE(data.length, 4);
    out = Buffer.concat([out, head, typed]);
  };
  for (const data of records) {
    let rest = data;
    let isFirst = true;
    do {
      const left = 32_768 - (out.length % 32_768);
      if (left < 7) {
        out = Buffer.concat([out, Buffer.alloc(left)]);
        continue;
      }
      const part = rest.subarray(0, left - 7);
      rest = rest.subarray(part.length);
      const isLast = rest.length === 0;
      append(isFirst ? (isLast ? 1 : 2) : isLast ? 4 : 3, part);
      isFirst = false;
    } while (rest.length > 0);
  }
  return out;
}

function writeRun(log: Buffer): void {
  const runFolder = path.join(folder, 'offline-run-1');
  mkdirSync(path.join(runFolder, 'files', 'media'), { recursive: true });
  writeFileSync(path.join(runFolder, 'run-abc123.wandb'), log);
  writeFileSync(path.join(runFolder, 'files', 'media', 'plum.png'), 'png');
}

describe('runs that W&B wrote offline', () => {
  it('become runs with config as params, history as metrics and files as artifacts', async () => {
    writeRun(
      logOf([
        run,
        history(0, { loss: 0.5, 'nested.x': 1, text: 'word' }),
        history(1, { loss: Number.NaN, 'img._type': 'image-file', 'img.size': 9 }),
        record(3, items({ best: 0.25, loss: 0.5, note: 'good' })),
        exit(0),
      ]),
    );
    const [found] = await wandbRuns(folder);
    expect(found).toMatchObject({
      key: 'wandb fruit abc123',
      name: 'plum',
      experiment: 'fruit',
      status: 'FINISHED',
      params: [
        { key: 'lr', value: '0.1' },
        { key: 'opt.name', value: 'adam' },
      ],
      tags: [
        { key: 'wandb.tag.first try', value: 'true' },
        { key: 'wandb.summary.note', value: 'good' },
      ],
      metrics: [
        { key: 'loss', value: 0.5, timestamp: 1_700_000_000_500, step: 0 },
        { key: 'nested.x', value: 1, step: 0 },
        { key: 'loss', value: Number.NaN, step: 1 },
        { key: 'best', value: 0.25 },
      ],
      files: [{ path: 'media/plum.png' }],
      leftBehind: [],
    });
  });

  it('have records of more than a block', async () => {
    writeRun(logOf([run, history(0, { text: 'x'.repeat(100_000), loss: 0.5 }), history(1, { loss: 0.25 })]));
    const [found] = await wandbRuns(folder);
    expect(found?.metrics.map(({ value }) => value)).toEqual([0.5, 0.25]);
    expect(found?.status).toBe('RUNNING');
  });

  it('are read up to where they are cut off', async () => {
    const log = logOf([run, history(0, { loss: 0.5 }), history(1, { loss: 0.25 })]);
    writeRun(log.subarray(0, log.length - 4));
    const [found] = await wandbRuns(folder);
    expect(found?.metrics).toHaveLength(1);
    expect(found?.leftBehind).toEqual([
      { what: 'the end of run-abc123.wandb', why: expect.stringMatching(/damaged from byte/) },
    ]);
  });

  it('failed where their exit code says so', async () => {
    writeRun(logOf([run, exit(2)]));
    expect((await wandbRuns(folder))[0]?.status).toBe('FAILED');
  });

  it('are refused where the file is another', async () => {
    writeRun(Buffer.from('not a log'));
    await expect(wandbRuns(folder)).rejects.toThrow('does not begin as .wandb files do');
  });
});
