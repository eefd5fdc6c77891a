import type { Command } from 'commander';
import {
  getOnlineFeatures,
  listFeatures,
  maxOnlineEntities,
  maxRecords,
  readFeatureView,
  sendFeatureRecords,
} from '#services/feature-store/contract.ts';
import type { ApiClient } from '../../client.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { table } from '../../output.ts';
import { chunks, type Row, readCsv, typedCell, type Value } from '../../rows.ts';
import { contextOf } from '../context.ts';
import { pairOf } from './pair-of.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };
type OnlineOptions = Options & {
  readonly service?: string;
  readonly feature?: string[];
  readonly entities?: string;
};

/** `millrace features online | push`: what applications read and send, by hand. */
export function addOnlineCommands(group: Command, shared: Shared): void {
  shared(
    group
      .command('online <project> [entity...]')
      .description('the newest values of features for one entity (driver_id=d001 …), or for those of a file'),
  )
    .option('--service <name>', 'feature service to read')
    .option('--feature <view:feature>', 'a feature to read, instead of a service; once for each', collected)
    .option('--entities <file>', 'CSV of join keys and request members, a line per entity')
    .action((project: string, entity: string[], options: OnlineOptions) => online(project, entity, options));
  shared(
    group
      .command('push <project> <view> <file>')
      .description('send the rows of a CSV file as records of a stream'),
  ).action((project: string, view: string, file: string, options: Options) =>
    push(project, view, file, options),
  );
}

/** An option that may be given several times. */
const collected = (value: string, before: readonly string[] = []): string[] => [...before, value];

async function online(project: string, entity: readonly string[], options: OnlineOptions): Promise<void> {
  const { client, output } = contextOf(options);
  const rows = options.entities === undefined ? [rowOf(entity)] : readCsv(options.entities);
  if ((options.service === undefined) === (options.feature === undefined))
    throw new CliFailure(
      exitCodes.usage,
      'Name what to read: --service <name>, or --feature <view:feature>.',
    );
  const types = await typesOf(client, project);
  const pages = [];
  for (const page of chunks(rows, maxOnlineEntities)) {
    const body = {
      ...(options.service === undefined
        ? { features: options.feature }
        : { featureService: options.service }),
      ...columnsOf(page, types),
    };
    pages.push({ page, answer: await client.call(getOnlineFeatures, { params: { project }, body }) });
  }
  const values = pages.flatMap(({ page, answer: { metadata, results } }) =>
    page.map((row, place) => ({
      entity: row,
      features: Object.fromEntries(
        metadata.featureNames.map((name, number) => {
          const { values: all, statuses, eventTimestamps } = results[number]!;
          return [
            name,
            { value: all[place] ?? null, status: statuses[place], eventTimestamp: eventTimestamps[place] },
          ];
        }),
      ),
    })),
  );
  output.result(values, () => {
    const lines = values.flatMap(({ entity: about, features }) =>
      Object.entries(features).map(([name, { value, status, eventTimestamp }]) => [
        Object.values(about).join(' '),
        name,
        value === null ? '' : String(value),
        status ?? '',
        eventTimestamp ?? '',
      ]),
    );
    return table(['entity', 'feature', 'value', 'status', 'happened'], lines);
  });
}

/** `driver_id=d001 distance_km=7.2` as a row. */
function rowOf(pairs: readonly string[]): Row {
  if (pairs.length === 0)
    throw new CliFailure(
      exitCodes.usage,
      'Name an entity by its join keys, such as driver_id=d001, or a file of them by --entities.',
    );
  return Object.fromEntries(
    pairs.map((text) => {
      const pair = pairOf(text);
      if (!pair)
        throw new CliFailure(exitCodes.usage, `'${text}' is no join key with a value. Write driver_id=d001.`);
      return pair;
    }),
  );
}

/** Types of join keys, by name. */
async function typesOf(client: ApiClient, project: string): Promise<ReadonlyMap<string, string>> {
  const { entities } = await client.call(listFeatures, { params: { project } });
  return new Map(entities.flatMap(({ joinKeys }) => joinKeys.map(({ name, type }) => [name, type] as const)));
}

/** Join keys, and the rest, which on-demand features ask for, as a list per name. */
function columnsOf(rows: readonly Row[], joinKeys: ReadonlyMap<string, string>) {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const listed = (wanted: readonly string[]): Record<string, Value[]> =>
    Object.fromEntries(
      wanted.map((name) => [name, rows.map((row) => cellOf(row[name], joinKeys.get(name)))]),
    );
  const others = names.filter((name) => !joinKeys.has(name));
  return {
    entities: listed(names.filter((name) => joinKeys.has(name))) as Record<string, (string | number)[]>,
    ...(others.length > 0 ? { request: listed(others) } : {}),
  };
}

/** A request member has no type here: what reads as a number, true or false is one. */
function cellOf(cell: string | undefined, type: string | undefined): Value {
  const text = cell ?? '';
  if (type !== undefined) return type === 'string' ? text : typedCell(text, type);
  return text === 'true' || text === 'false' ? text === 'true' : typedCell(text, 'number');
}

async function push(project: string, view: string, file: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  const { featureView } = await client.call(readFeatureView, { params: { project, view } });
  if (featureView.source.type !== 'stream')
    throw new CliFailure(
      exitCodes.usage,
      `View '${view}' is not fed by a stream, but by ${featureView.source.type}. Upload data instead: millrace upload.`,
    );
  const { columns } = featureView.source;
  const records = readCsv(file).map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, cell]) => [name, typedCell(cell, columns[name] ?? 'string')]),
    ),
  );
  const sent = { accepted: 0, duplicates: 0 };
  for (const page of chunks(records, maxRecords)) {
    const answer = await client.call(sendFeatureRecords, {
      params: { project, view },
      body: { records: page },
    });
    sent.accepted += answer.accepted;
    sent.duplicates += answer.duplicates;
    output.progress(`${sent.accepted + sent.duplicates} of ${records.length} records sent`);
  }
  output.result(sent, () => `${sent.accepted} records are online; ${sent.duplicates} had been sent before.`);
}
