import { openAsBlob } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  createEntityFile,
  type EntityRows,
  getHistoricalFeatures,
  type Retrieval,
  readHistoricalFeatures,
} from '#services/feature-store/contract.ts';
import { type ApiClient, send } from '../../client.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { figure, table } from '../../output.ts';
import { wholeNumber } from '../../whole-number.ts';
import { contextOf } from '../context.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & {
  readonly json?: boolean;
  readonly service?: string;
  readonly serviceVersion?: number;
  readonly feature?: string[];
  readonly entities?: string;
  readonly dataset?: string | true;
  readonly of?: string;
  readonly where?: string;
  readonly columns?: string[];
  readonly eventTimestamp?: string;
  readonly asOf?: string;
  readonly output?: string;
  readonly wait?: boolean;
};
type Read = Retrieval & { readonly downloadUrl?: string | undefined };

const pollMs = 500;
/** A job that is tried four times ends within so long; whoever stops waiting asks again by the id. */
const patienceMs = 24 * 3_600_000;

/** `millrace features retrieve`: a training set of features as they were known at given times. */
export function addRetrieveCommand(group: Command, shared: Shared): void {
  shared(
    group
      .command('retrieve <project>')
      .description('make a training set: features of many entities as they were known at given times'),
  )
    .option('--service <name>', 'feature service to read')
    .option('--service-version <number>', 'version of it; the newest where none is named', wholeNumber)
    .option('--feature <view:feature...>', 'features to read, instead of a service')
    .option(
      '--entities <file>',
      'CSV, JSON Lines or Parquet of join keys and event_timestamp, a row per answer',
    )
    .option(
      '--dataset [version]',
      'rows of the dataset instead of a file; the newest version where none is named',
    )
    .option('--of <project>', 'the project whose dataset it is, where it is another')
    .option('--where <condition>', 'rows of the dataset to take, as a condition of its columns')
    .option('--columns <name...>', 'columns of the dataset to keep')
    .option('--event-timestamp <column>', 'column that says when, where it has another name')
    .option('--as-of <time>', 'use nothing that the platform came to know later')
    .option(
      '--output <file>',
      'where to write the training set: CSV where the name ends with .csv, else Parquet',
    )
    .option('--wait', 'wait until it is done; --output waits too')
    .action((project: string, options: Options) => retrieve(project, options));
}

async function retrieve(project: string, options: Options): Promise<void> {
  const { client, output } = contextOf(options);
  if ((options.service === undefined) === (options.feature === undefined))
    throw new CliFailure(
      exitCodes.usage,
      'Name what to read: --service <name>, or --feature <view:feature>.',
    );
  const entityRows = await entityRowsOf(client, project, options);
  const asked: Read = await client.call(getHistoricalFeatures, {
    params: { project },
    body: {
      ...(options.service === undefined
        ? { features: options.feature }
        : { featureService: options.service }),
      ...(options.serviceVersion === undefined ? {} : { version: options.serviceVersion }),
      ...(options.asOf === undefined ? {} : { asOf: options.asOf }),
      ...(options.output?.toLowerCase().endsWith('.csv') ? { format: 'csv' as const } : {}),
      entityRows,
    },
  });
  const waits = options.wait === true || options.output !== undefined;
  if (waits) output.progress(`Retrieval ${asked.retrievalId} of ${project} …`);
  const retrieval = waits ? await ended(client, asked) : asked;
  if (retrieval.status === 'failed')
    throw new CliFailure(exitCodes.failed, `The retrieval failed. ${retrieval.failure}`);
  if (options.output !== undefined && retrieval.downloadUrl !== undefined)
    await download(retrieval.downloadUrl, options.output);
  output.result(retrieval, () => render(retrieval, options.output));
}

async function entityRowsOf(client: ApiClient, project: string, options: Options): Promise<EntityRows> {
  const { entities, dataset, of, where, columns } = options;
  const timestamp = options.eventTimestamp === undefined ? {} : { eventTimestamp: options.eventTimestamp };
  if ((entities === undefined) === (dataset === undefined))
    throw new CliFailure(
      exitCodes.usage,
      'Name the entity rows: --entities <file>, or --dataset for rows of the dataset.',
    );
  if (entities !== undefined)
    return { type: 'file', fileId: await sendEntities(client, project, entities), ...timestamp };
  return {
    type: 'dataset',
    ...(of === undefined ? {} : { dataset: of }),
    ...(dataset === true ? {} : { datasetVersion: wholeNumber(dataset!) }),
    ...(where === undefined ? {} : { where }),
    ...(columns === undefined ? {} : { columns }),
    ...timestamp,
  };
}

async function sendEntities(client: ApiClient, project: string, file: string): Promise<string> {
  const content = await openAsBlob(file).catch(() => {
    throw new CliFailure(exitCodes.usage, `There is no file ${file}, or it cannot be read.`);
  });
  const { fileId, url } = await client.call(createEntityFile, {
    params: { project },
    body: { fileName: file.slice(-255) },
  });
  const sent = await send(url, { method: 'PUT', body: content });
  if (!sent.ok)
    throw new CliFailure(exitCodes.failed, `The file was not taken: status ${sent.status}. Try again.`);
  return fileId;
}

async function ended(client: ApiClient, { project, retrievalId }: Retrieval): Promise<Read> {
  const giveUpAtMs = Date.now() + patienceMs;
  while (Date.now() < giveUpAtMs) {
    const read = await client.call(readHistoricalFeatures, { params: { project, retrievalId } });
    if (read.status !== 'running') return read;
    await sleep(pollMs);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Retrieval ${retrievalId} did not end. It goes on without you: read it later.`,
  );
}

async function download(url: string, target: string): Promise<void> {
  const answer = await send(url, { method: 'GET' });
  if (!answer.ok || !answer.body)
    throw new CliFailure(
      exitCodes.failed,
      `The training set was not sent: status ${answer.status}. Try again.`,
    );
  await writeFile(target, answer.body);
}

function render({ retrievalId, trainingSet, place }: Read, output: string | undefined): string {
  if (!trainingSet) return `Retrieval ${retrievalId} has begun; --wait waits for it.`;
  const counts = trainingSet.counts.map((one) => [
    one.feature,
    figure(one.present),
    figure(one.nulls),
    figure(one.expired),
    figure(one.notFound),
  ]);
  return [
    `${figure(trainingSet.rows)} rows, SHA-256 ${trainingSet.contentSha256}, made by a ${place ?? 'function'}${output === undefined ? '' : `; in ${output}`}`,
    table(['feature', 'present', 'of them null', 'expired', 'not found'], counts),
    ...trainingSet.notes,
  ].join('\n');
}
