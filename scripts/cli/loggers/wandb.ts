import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { KeyValue, Metric } from '../transfer/messages.ts';
import { type LoggedFile, type LoggedRun, mlflowKey, numbersIn, paramsOf } from './logged-run.ts';
import { readMessage } from './protobuf.ts';
import { wandbRecords } from './wandb-log.ts';

const maxTagLength = 8000;

/** Runs of a folder that W&B wrote offline: a run's folder, or the `wandb` folder with several. */
export async function wandbRuns(folder: string): Promise<LoggedRun[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const logs = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith('.wandb') && !isLink(entry.parentPath),
  );
  return Promise.all(logs.map((log) => runOf(log.parentPath, path.join(log.parentPath, log.name))));
}

/** `latest-run` is a link to the newest run's folder. */
const isLink = (folder: string): boolean => path.basename(folder) === 'latest-run';

/** A value of W&B by its key, which may be a path of several. */
interface Item {
  readonly key: readonly string[];
  readonly value: unknown;
}

interface Gathered {
  id: string;
  project: string;
  name: string;
  startTimeMs: number;
  lastMs: number;
  exitCode: number | undefined;
  readonly config: Map<string, unknown>;
  readonly summary: Map<string, unknown>;
  readonly tags: KeyValue[];
  readonly metrics: Metric[];
}

async function runOf(folder: string, log: string): Promise<LoggedRun> {
  const all: Gathered = {
    id: path.basename(log, '.wandb').replace(/^run-/, ''),
    project: 'wandb',
    name: '',
    startTimeMs: 0,
    lastMs: 0,
    exitCode: undefined,
    config: new Map(),
    summary: new Map(),
    tags: [],
    metrics: [],
  };
  const leftBehind: { what: string; why: string }[] = [];
  const damaged = (offset: number) =>
    leftBehind.push({ what: `the end of ${path.basename(log)}`, why: `damaged from byte ${offset} on` });
  for (const record of wandbRecords(readFileSync(log), damaged)) gather(all, record);
  const name = all.name || all.id;
  return {
    key: `wandb ${all.project} ${all.id}`,
    name,
    experiment: all.project,
    startTimeMs: all.startTimeMs,
    ...(all.lastMs > 0 ? { endTimeMs: all.lastMs } : {}),
    status: all.exitCode === undefined ? 'RUNNING' : all.exitCode === 0 ? 'FINISHED' : 'FAILED',
    params: [...all.config]
      .filter(([key]) => !key.startsWith('_wandb'))
      .flatMap(([key, value]) => paramsOf(value, key)),
    tags: [...all.tags, ...summaryTags(all)],
    metrics: [...all.metrics, ...summaryMetrics(all)],
    files: await filesOf(path.join(folder, 'files')),
    leftBehind,
  };
}

/** Fields of Record (wandb/proto/wandb_internal.proto). */
function gather(all: Gathered, record: Uint8Array): void {
  readMessage(record, {
    2: (reader) => gatherHistory(all, reader.bytes()),
    3: (reader) => {
      for (const { key, value } of itemsOf(reader.bytes())) all.summary.set(key.join('.'), value);
    },
    5: (reader) => gatherConfig(all, reader.bytes()),
    17: (reader) => gatherRun(all, reader.bytes()),
    18: (reader) => {
      all.exitCode = 0;
      readMessage(reader.bytes(), {
        1: (inner) => {
          all.exitCode = inner.int32();
        },
      });
    },
  });
}

function gatherRun(all: Gathered, bytes: Uint8Array): void {
  const tag = (key: string, value: string) => all.tags.push({ key, value: value.slice(0, maxTagLength) });
  readMessage(bytes, {
    1: (reader) => {
      all.id = reader.string();
    },
    3: (reader) => {
      all.project = reader.string() || all.project;
    },
    4: (reader) => gatherConfig(all, reader.bytes()),
    6: (reader) => tag('wandb.group', reader.string()),
    7: (reader) => tag('wandb.job_type', reader.string()),
    8: (reader) => {
      all.name = reader.string();
    },
    9: (reader) => tag('mlflow.note.content', reader.string()),
    10: (reader) => tag(mlflowKey(`wandb.tag.${reader.string()}`), 'true'),
    13: (reader) => tag('wandb.host', reader.string()),
    17: (reader) => {
      all.startTimeMs = timestampMs(reader.bytes());
    },
    21: (reader) =>
      readMessage(reader.bytes(), {
        1: (inner) => tag('mlflow.source.git.repoURL', inner.string()),
        2: (inner) => tag('mlflow.source.git.commit', inner.string()),
      }),
  });
}

function gatherConfig(all: Gathered, bytes: Uint8Array): void {
  for (const { key, value } of itemsOf(bytes)) all.config.set(key.join('.'), value);
}

function gatherHistory(all: Gathered, bytes: Uint8Array): void {
  const items = itemsOf(bytes);
  const own = (name: string) => items.find(({ key }) => key.join('.') === name)?.value;
  const step = Number(own('_step') ?? 0);
  const timestamp = Math.round(Number(own('_timestamp') ?? 0) * 1000);
  all.lastMs = Math.max(all.lastMs, timestamp);
  for (const { key, value } of items) {
    if (key[0]?.startsWith('_') || isMedia(items, key)) continue;
    for (const [name, number] of numbersIn(value, key.join('.')))
      all.metrics.push({ key: mlflowKey(name), value: number, timestamp, step });
  }
}

/** Pictures, tables and the like are described by numbers that measure nothing; their files are artifacts. */
const isMedia = (items: readonly Item[], [first]: readonly string[]): boolean =>
  items.some(({ key }) => key[0] === first && key[1] === '_type');

/** Items of a history, summary or config record: `key` or `nested_key`, and a value as JSON. */
function itemsOf(bytes: Uint8Array): Item[] {
  const items: Item[] = [];
  readMessage(bytes, {
    1: (reader) => {
      const key: string[] = [];
      let json = 'null';
      readMessage(reader.bytes(), {
        1: (inner) => void key.push(inner.string()),
        2: (inner) => void key.push(inner.string()),
        16: (inner) => {
          json = inner.string();
        },
      });
      items.push({ key: key.filter((part) => part !== ''), value: parsedValue(json) });
    },
  });
  return items;
}

/** W&B writes JSON with NaN and Infinity in it. */
function parsedValue(json: string): unknown {
  if (/^-?(NaN|Infinity)$/.test(json)) return Number(json);
  try {
    return JSON.parse(json);
  } catch {
    return json;
  }
}

function timestampMs(bytes: Uint8Array): number {
  let ms = 0;
  readMessage(bytes, {
    1: (reader) => {
      ms += Number(reader.int64()) * 1000;
    },
    2: (reader) => {
      ms += Math.floor(reader.int32() / 1e6);
    },
  });
  return ms;
}

/** Numbers of the summary that the history does not have: set by hand, after the last step. */
function summaryMetrics(all: Gathered): Metric[] {
  const known = new Set(all.metrics.map(({ key }) => key));
  return [...all.summary]
    .filter(([key]) => !key.startsWith('_') && !all.summary.has(`${key.split('.')[0]}._type`))
    .flatMap(([key, value]) => numbersIn(value, key))
    .filter(([key]) => !known.has(mlflowKey(key)))
    .map(([key, value]) => ({ key: mlflowKey(key), value, timestamp: all.lastMs, step: 0 }));
}

function summaryTags(all: Gathered): KeyValue[] {
  return [...all.summary]
    .filter(
      ([key, value]) =>
        typeof value === 'string' && !key.startsWith('_') && !all.summary.has(`${key.split('.')[0]}._type`),
    )
    .map(([key, value]) => ({
      key: mlflowKey(`wandb.summary.${key}`),
      value: String(value).slice(0, maxTagLength),
    }));
}

async function filesOf(folder: string): Promise<LoggedFile[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .map((file) => ({ path: path.relative(folder, file).split(path.sep).join('/'), file }));
}
