import path from 'node:path';
import { CliFailure, exitCodes } from '../failure.ts';
import type { KeyValue, Metric } from '../transfer/messages.ts';
import { type LoggedFile, type LoggedRun, mlflowKey, paramsOf } from './logged-run.ts';
import { type Archive, openArchive } from './zip.ts';

interface Experiment {
  readonly offline_id: string;
  readonly project_name?: string | null;
  readonly start_time?: number;
  readonly stop_time?: number | null;
  readonly tags?: readonly string[];
}

/** A line of `messages.json`; what is in the payload depends on the type. */
interface Message {
  readonly type: string;
  readonly payload: {
    readonly local_timestamp?: number;
    readonly metric?: { metricName: string; metricValue: number | string; step?: number | null };
    readonly param?: { paramName: string; paramValue: unknown };
    readonly key?: string;
    readonly value?: unknown;
    readonly file_path?: string;
    readonly upload_type?: string;
    readonly additional_params?: { fileName?: string; assetId?: string; extension?: string };
    readonly installed_packages?: readonly string[];
    readonly output?: string;
  };
}

const metadataFile = 'experiment.json';
const messagesFile = 'messages.json';
const maxTagLength = 8000;
/** What Comet says of the machine, which is not the run's. */
const unread = new Set(['os_packages', 'system_details', 'file_name', 'log_dependency']);

/** The run of an archive that Comet wrote offline: `experiment.json`, `messages.json` (a message a line) and files. */
export async function cometRuns(file: string): Promise<LoggedRun[]> {
  return [await cometRun(await openArchive(file), file)];
}

/** Throws CliFailure, naming `file`, where the archive is another. */
export async function cometRun(archive: Archive, file: string): Promise<LoggedRun> {
  const names = archive.names();
  if (!names.includes(metadataFile) || !names.includes(messagesFile)) {
    throw new CliFailure(
      exitCodes.usage,
      `'${file}' has no ${metadataFile} and ${messagesFile}: it is no archive that Comet wrote offline.`,
    );
  }
  const experiment = JSON.parse((await archive.read(metadataFile)).toString('utf8')) as Experiment;
  const lines = (await archive.read(messagesFile)).toString('utf8').split('\n');
  const messages = lines.filter((line) => line !== '').map((line) => parseLine(line));
  return runOf(archive, experiment, messages);
}

/** Python writes numbers that JSON does not have; as texts they are what MLflow takes. */
const parseLine = (line: string): Message =>
  JSON.parse(line.replaceAll(/("metricValue":\s*)(-?(?:NaN|Infinity))/g, '$1"$2"')) as Message;

async function runOf(
  archive: Archive,
  experiment: Experiment,
  messages: readonly Message[],
): Promise<LoggedRun> {
  const startTimeMs = experiment.start_time ?? 0;
  const others = messages.filter(({ type }) => type === 'log_other');
  const name = others.find(({ payload }) => payload.key === 'Name')?.payload.value;
  return {
    key: `comet ${experiment.offline_id}`,
    name: typeof name === 'string' ? name : experiment.offline_id,
    experiment: experiment.project_name ?? 'comet',
    startTimeMs,
    ...(experiment.stop_time ? { endTimeMs: experiment.stop_time } : {}),
    status: experiment.stop_time ? 'FINISHED' : 'RUNNING',
    params: [...paramsByName(messages)].flatMap(([key, value]) => paramsOf(value, key)),
    tags: [...tagsOf(experiment), ...others.flatMap(otherTag)],
    metrics: messages.flatMap((message) => metricOf(message, startTimeMs)),
    files: await filesOf(archive, messages),
    leftBehind: leftBehind(messages),
  };
}

/** The last value of a param counts. */
const paramsByName = (messages: readonly Message[]): Map<string, unknown> =>
  new Map(
    messages.flatMap(({ payload: { param } }) =>
      param ? [[param.paramName, param.paramValue] as const] : [],
    ),
  );

const tagsOf = ({ tags = [] }: Experiment): KeyValue[] =>
  tags.map((tag) => ({ key: mlflowKey(`comet.tag.${tag}`), value: 'true' }));

const otherTag = ({ payload: { key = '', value } }: Message): KeyValue[] =>
  key === 'Name'
    ? []
    : [{ key: mlflowKey(`comet.other.${key}`), value: String(value).slice(0, maxTagLength) }];

function metricOf(
  { payload: { metric, local_timestamp: timestamp } }: Message,
  startTimeMs: number,
): Metric[] {
  if (!metric || !isNumber(metric.metricValue)) return [];
  const { metricName, metricValue, step } = metric;
  return [
    { key: mlflowKey(metricName), value: metricValue, timestamp: timestamp ?? startTimeMs, step: step ?? 0 },
  ];
}

const isNumber = (value: number | string): boolean =>
  typeof value === 'number' ||
  /^-?(NaN|Infinity)$/.test(value) ||
  (value !== '' && Number.isFinite(Number(value)));

async function filesOf(archive: Archive, messages: readonly Message[]): Promise<LoggedFile[]> {
  const inside = new Set(archive.names());
  const uploads = messages.filter(
    ({ type, payload }) => type === 'file_upload' && inside.has(payload.file_path ?? ''),
  );
  const files: LoggedFile[] = [];
  for (const { payload } of uploads) {
    const { fileName = '', assetId = '' } = payload.additional_params ?? {};
    const isNamed = fileName !== '' && fileName !== 'auto-generated-in-the-backend';
    const name = mlflowKey(isNamed ? path.posix.basename(fileName) : `${assetId}.txt`);
    files.push({
      path: `${mlflowKey(payload.upload_type ?? 'asset')}/${name}`,
      content: await archive.read(payload.file_path ?? ''),
    });
  }
  const packages = messages.find(({ type }) => type === 'installed_packages')?.payload.installed_packages;
  if (packages) files.push({ path: 'requirements.txt', content: Buffer.from(`${packages.join('\n')}\n`) });
  const output = messages
    .flatMap(({ payload }) => (payload.output === undefined ? [] : [payload.output]))
    .join('');
  if (output !== '') files.push({ path: 'output.log', content: Buffer.from(output) });
  return files;
}

const read = new Set([
  'metric_msg',
  'parameter_msg',
  'log_other',
  'file_upload',
  'installed_packages',
  'standard_output',
]);

function leftBehind(messages: readonly Message[]): { what: string; why: string }[] {
  const kinds = Map.groupBy(
    messages.filter(({ type }) => !read.has(type) && !unread.has(type)),
    ({ type }) => type,
  );
  return [...kinds].map(([type, all]) => ({
    what: `${all.length} messages '${type}'`,
    why: 'there is no place for them',
  }));
}
