import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { KeyValue, Metric } from '../transfer/messages.ts';
import { type LoggedFile, type LoggedRun, mlflowKey, paramsOf } from './logged-run.ts';
import { readMessage } from './protobuf.ts';
import { readEvent, type SummaryValue } from './tensorboard-event.ts';
import { tfRecords } from './tfrecord.ts';

const eventFile = /events\.out\.tfevents\./;

/** Runs of a log directory of TensorBoard: each folder with event files is one, as TensorBoard takes it. */
export async function tensorboardRuns(folder: string): Promise<LoggedRun[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && eventFile.test(entry.name));
  const byFolder = Map.groupBy(files, ({ parentPath }) => parentPath);
  return [...byFolder]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([parent, inside]) => runOf(folder, parent, inside.map(({ name }) => name).sort()));
}

/** What a run gathers while its events are read. */
interface Gathered {
  readonly metrics: Metric[];
  readonly params: KeyValue[];
  readonly files: LoggedFile[];
  readonly left: Map<string, number>;
  firstMs: number;
  lastMs: number;
}

function runOf(root: string, folder: string, names: readonly string[]): LoggedRun {
  const name = path.relative(root, folder) || path.basename(root);
  const all: Gathered = {
    metrics: [],
    params: [],
    files: [],
    left: new Map(),
    firstMs: Number.POSITIVE_INFINITY,
    lastMs: 0,
  };
  for (const file of names) {
    const damaged = (offset: number) => leave(all, `the end of ${file}, damaged from byte ${offset} on`);
    for (const record of tfRecords(readFileSync(path.join(folder, file)), damaged)) gather(all, record);
  }
  return {
    key: `tensorboard ${path.resolve(folder)}`,
    name,
    experiment: path.basename(path.resolve(root)),
    startTimeMs: Number.isFinite(all.firstMs) ? all.firstMs : 0,
    ...(all.lastMs > 0 ? { endTimeMs: all.lastMs } : {}),
    status: 'FINISHED',
    params: all.params,
    tags: [],
    metrics: all.metrics,
    files: all.files,
    leftBehind: [...all.left].map(([what, count]) => ({
      what: `${name}: ${what}`,
      why: count > 1 ? `${count} times; there is no place for it` : 'there is no place for it',
    })),
  };
}

const leave = (all: Gathered, what: string) => all.left.set(what, (all.left.get(what) ?? 0) + 1);

function gather(all: Gathered, record: Buffer): void {
  const { wallTimeMs, step, values } = readEvent(record);
  all.firstMs = Math.min(all.firstMs, wallTimeMs);
  all.lastMs = Math.max(all.lastMs, wallTimeMs);
  for (const value of values) gatherValue(all, value, wallTimeMs, step);
}

function gatherValue(all: Gathered, value: SummaryValue, timestamp: number, step: number): void {
  const key = mlflowKey(value.tag);
  if (value.scalar !== undefined) all.metrics.push({ key, value: numberText(value.scalar), timestamp, step });
  else if (value.image) all.files.push({ path: `images/${key}/${step}.png`, content: value.image });
  else if (value.text) all.files.push({ path: `text/${key}/${step}.md`, content: value.text });
  else if (value.plugin === 'hparams') all.params.push(...hparams(value.pluginContent));
  else leave(all, `${value.plugin ?? 'summary'} '${value.tag}'`);
}

/** Hyperparameters of the HParams plugin: HParamsPluginData.session_start_info.hparams, a map of google.protobuf.Value. */
function hparams(content: Uint8Array | undefined): KeyValue[] {
  const found: KeyValue[] = [];
  const entry = (bytes: Uint8Array) => {
    let key = '';
    let value: unknown = '';
    readMessage(bytes, {
      1: (reader) => {
        key = reader.string();
      },
      2: (reader) =>
        readMessage(reader.bytes(), {
          2: (inner) => {
            value = inner.double();
          },
          3: (inner) => {
            value = inner.string();
          },
          4: (inner) => {
            value = inner.bool();
          },
        }),
    });
    found.push(...paramsOf(value, key));
  };
  readMessage(content ?? new Uint8Array(), {
    3: (reader) => readMessage(reader.bytes(), { 1: (inner) => entry(inner.bytes()) }),
  });
  return found;
}

const numberText = (value: number): number | string => (Number.isFinite(value) ? value : String(value));
