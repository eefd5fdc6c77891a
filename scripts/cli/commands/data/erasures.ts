import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type * as z from 'zod';
import {
  type erasureCertificate,
  listErasures,
  readErasure,
  requestErasure,
  resumeErasure,
} from '#services/datasets/contract.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { table } from '../../output.ts';
import { readLocalFile } from '../../rows.ts';
import type { CommandContext } from '../context.ts';
import { everyPage } from './every-page.ts';
import { count, counted } from './versions.ts';

type Certificate = z.infer<typeof erasureCertificate>;

const pollMs = 1000;
const patienceMs = 60 * 60_000;

export interface EraseOptions {
  readonly keys: readonly string[];
  readonly keysFile: string | undefined;
  readonly reason: string;
  readonly confirm: string | undefined;
  readonly wait: boolean;
}

/** Erases rows by primary key, and shows the certificate. */
export async function erase(context: CommandContext, project: string, options: EraseOptions): Promise<void> {
  const { client, output } = context;
  const primaryKeys = [...options.keys, ...(options.keysFile ? keysIn(options.keysFile) : [])];
  if (primaryKeys.length === 0)
    throw new CliFailure(exitCodes.usage, 'Name the rows to erase: --key <key> or --keys-file <file>.');
  if (options.confirm !== project)
    throw new CliFailure(
      exitCodes.usage,
      `This erases the rows of ${primaryKeys.length} ${primaryKeys.length === 1 ? 'key' : 'keys'} from every version of '${project}', for good. Say --confirm ${project} to do it.`,
    );
  const { erasureId, ...asked } = await client.call(requestErasure, {
    params: { project },
    body: { primaryKeys, reason: options.reason },
  });
  if (!options.wait)
    return output.result(
      { erasureId, ...asked },
      () =>
        `Erasure ${erasureId} began. \`millrace data erasures ${project} ${erasureId}\` tells what became of it.`,
    );
  await followed(context, project, { erasureId, ...asked });
}

/** Lets an erasure that failed go on, and shows the certificate. */
export async function resume(
  context: CommandContext,
  project: string,
  erasureId: string | undefined,
): Promise<void> {
  if (erasureId === undefined)
    throw new CliFailure(
      exitCodes.usage,
      `Name the erasure to resume: \`millrace data erasures ${project}\` lists those that there are.`,
    );
  const resumed = await context.client.call(resumeErasure, { params: { project, erasureId } });
  await followed(context, project, resumed);
}

async function followed(
  context: CommandContext,
  project: string,
  { erasureId, keys }: { erasureId: string; keys: number },
): Promise<void> {
  const { client, output } = context;
  output.progress(`Erasing ${keys} ${keys === 1 ? 'key' : 'keys'} (${erasureId}) …`);
  const giveUpAtMs = Date.now() + patienceMs;
  for (; Date.now() < giveUpAtMs; await sleep(pollMs)) {
    const { status } = await client.call(readErasure, { params: { project, erasureId } });
    if (status !== 'running') return erasures(context, project, erasureId);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Erasure ${erasureId} did not end within an hour. It goes on without you.`,
  );
}

const keysIn = (path: string): string[] =>
  readLocalFile(path)
    .toString('utf8')
    .split(/\r?\n/)
    .filter((line) => line !== '');

/** Lists erasures, or shows one with its certificate; a failed one ends the command with 1. */
export async function erasures(
  { client, output }: CommandContext,
  project: string,
  erasureId: string | undefined,
): Promise<void> {
  if (erasureId === undefined) {
    const items = await everyPage((pageToken) =>
      client.call(listErasures, { params: { project }, query: { pageToken } }),
    );
    return output.result(items, () =>
      items.length === 0
        ? `Nothing was erased from ${project}.`
        : table(
            ['erasure', 'status', 'keys', 'rows', 'asked for', 'by', 'reason'],
            items.map((item) => [
              item.erasureId,
              item.status,
              item.keys,
              item.rowsErased === undefined ? '' : count(item.rowsErased),
              item.requestedAt.slice(0, 19).replace('T', ' '),
              item.requestedBy,
              item.reason,
            ]),
          ),
    );
  }
  const found = await client.call(readErasure, { params: { project, erasureId } });
  output.result(found, () =>
    [
      `${pc.bold(`Erasure ${erasureId}`)} of ${project}: ${found.status}`,
      ...(found.failure ? [pc.red(found.failure)] : []),
      ...(found.certificateText ? render(found.certificateText) : []),
    ].join('\n'),
  );
  if (found.status === 'failed') process.exitCode = exitCodes.failed;
}

function render(certificate: Certificate): string[] {
  const { versions, objects, uploadsDeleted, remaining } = certificate;
  const rows = objects.reduce((sum, { rowsErased }) => sum + rowsErased, 0);
  return [
    `${counted(rows, 'row')} of ${counted(certificate.keyDigests.length, 'key')} erased from ${counted(objects.length, 'file')} and ${counted(versions.length, 'version')}; asked for by ${certificate.requestedBy} at ${certificate.requestedAt}, done at ${certificate.completedAt}.`,
    ...(versions.length > 0
      ? [
          '',
          table(
            ['version', 'rows erased', 'content before', 'content now'],
            versions.map((version) => [
              version.datasetVersion,
              version.rowsErased,
              version.contentSha256Before.slice(0, 12),
              version.contentSha256.slice(0, 12),
            ]),
          ),
        ]
      : []),
    ...(uploadsDeleted.length > 0
      ? ['', 'Uploads deleted:', ...uploadsDeleted.map((key) => `  ${key}`)]
      : []),
    ...(remaining.length > 0
      ? [
          '',
          pc.yellow('Left for people to decide on:'),
          ...remaining.map(({ kind, id, why }) => `  ${kind} ${id}: ${why}`),
        ]
      : []),
  ];
}
