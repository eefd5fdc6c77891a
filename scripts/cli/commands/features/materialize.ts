import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import {
  listMaterializations,
  type Materialization,
  materialize,
  readMaterialization,
  resumeMaterialization,
} from '#services/feature-store/contract.ts';
import type { ApiClient } from '../../client.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { type Output, table } from '../../output.ts';
import { contextOf } from '../context.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };
type WaitOptions = Options & { readonly wait?: boolean };

/** How often the platform is asked while somebody waits, and for how long; an execution ends itself before that. */
const pollMs = 1000;
const patienceMs = 7 * 3_600_000;

/** `millrace features materialize | materializations | resume`: values from the offline to the online store. */
export function addMaterializationCommands(group: Command, shared: Shared): void {
  const waiting = (command: Command) => shared(command).option('--wait', 'follow it until it has ended');
  waiting(
    group
      .command('materialize <project> <view>')
      .description('write the newest values of a view to the online store: what changed since the last time')
      .option('--full', 'write every entity again'),
  ).action(async (project: string, view: string, options: WaitOptions & { readonly full?: boolean }) => {
    const { client, output } = contextOf(options);
    const body = { mode: options.full ? ('full' as const) : ('incremental' as const) };
    await begun(client, output, await client.call(materialize, { params: { project, view }, body }), options);
  });
  shared(
    group
      .command('materializations <project> <view>')
      .description('materializations of a view, newest first'),
  ).action(async (project: string, view: string, options: Options) => {
    const { client, output } = contextOf(options);
    const { items } = await client.call(listMaterializations, { params: { project, view }, query: {} });
    output.result(items, () => listed(items));
  });
  waiting(
    group
      .command('resume <project> <view> <materialization>')
      .description('let a materialization that failed go on where it stopped'),
  ).action(async (project: string, view: string, materializationId: string, options: WaitOptions) => {
    const { client, output } = contextOf(options);
    const params = { project, view, materializationId };
    await begun(client, output, await client.call(resumeMaterialization, { params }), options);
  });
}

async function begun(
  client: ApiClient,
  output: Output,
  started: Materialization,
  { wait }: WaitOptions,
): Promise<void> {
  const last = wait ? await followed(client, output, started) : started;
  output.result(last, () => described(last));
  if (last.status === 'failed')
    throw new CliFailure(
      exitCodes.failed,
      `${last.failure ?? 'It failed.'} Mend the cause, then: millrace features resume ${last.project} ${last.view} ${last.materializationId}`,
    );
}

/** Asks until it has ended, and says how far it is whenever that changes. */
async function followed(
  client: ApiClient,
  output: Output,
  started: Materialization,
): Promise<Materialization> {
  const { project, view, materializationId } = started;
  const params = { project, view, materializationId };
  const giveUpAtMs = Date.now() + patienceMs;
  let said = '';
  for (let now = started; ; now = await client.call(readMaterialization, { params })) {
    if (now.status !== 'running') return now;
    const line = described(now);
    if (line !== said) output.progress(line);
    said = line;
    if (Date.now() > giveUpAtMs)
      throw new CliFailure(
        exitCodes.failed,
        `It has not ended: ${line}. See: millrace features materializations ${project} ${view}`,
      );
    await sleep(pollMs);
  }
}

function described({
  materializationId,
  view,
  viewVersion,
  status,
  progress,
  written,
}: Materialization): string {
  const about = `${materializationId} of ${view} version ${viewVersion} ${status}`;
  if (written) return `${about}: ${outcome(written)}`;
  return progress ? `${about}: ${share(progress)}` : about;
}

const share = ({ rows, rowsDone }: NonNullable<Materialization['progress']>): string =>
  `${rowsDone} of ${rows} entities`;

const outcome = ({ put, deleted, skipped }: NonNullable<Materialization['written']>): string =>
  `${put} put, ${deleted} deleted, ${skipped} left alone`;

function listed(items: readonly Materialization[]): string {
  const rows = items.map(
    ({ materializationId, viewVersion, status, mode, occasion, requestedAt, ...one }) => [
      materializationId,
      viewVersion,
      status,
      mode,
      occasion,
      requestedAt,
      one.written ? outcome(one.written) : one.progress ? share(one.progress) : '',
      one.failure ?? '',
    ],
  );
  return table(['id', 'version', 'status', 'mode', 'occasion', 'asked at', 'entities', 'failure'], rows);
}
