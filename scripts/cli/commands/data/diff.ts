import { setTimeout as sleep } from 'node:timers/promises';
import pc from 'picocolors';
import type * as z from 'zod';
import { type datasetDiff, diffDatasetVersions } from '#services/datasets/contract.ts';
import type { ApiClient } from '../../client.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { table } from '../../output.ts';
import type { CommandContext } from '../context.ts';
import { count, newestVersion } from './versions.ts';

type Diff = z.infer<typeof datasetDiff>;

const pollMs = 500;
/** As long as the platform computes at most, and a little more. */
const patienceMs = 16 * 60_000;

/** Shows what differs between two versions; with `isExitCode` the command ends with 1 where something does. */
export async function diff(
  { client, output }: CommandContext,
  asked: { project: string; from: number; to: number | undefined; isExitCode: boolean },
): Promise<void> {
  const { project, from } = asked;
  const to = asked.to ?? (await newestVersion(client, project));
  if (to <= from)
    throw new CliFailure(
      exitCodes.usage,
      `Version ${from} is not older than version ${to}: name the older one first.`,
    );
  const found = await computed(client, { project, from, to }, output.progress);
  output.result(found, () => render(project, found));
  if (asked.isExitCode && differs(found)) process.exitCode = exitCodes.failed;
}

async function computed(
  client: ApiClient,
  { project, from, to }: { project: string; from: number; to: number },
  progress: (line: string) => void,
): Promise<Diff> {
  const giveUpAtMs = Date.now() + patienceMs;
  for (let isTold = false; Date.now() < giveUpAtMs; await sleep(pollMs)) {
    const answer = await client.call(diffDatasetVersions, {
      params: { project, datasetVersion: to },
      query: { from },
    });
    if (answer.status === 'done') return answer.diff;
    if (answer.status === 'failed')
      throw new CliFailure(exitCodes.failed, `The versions could not be compared. ${answer.reason}`);
    if (!isTold) progress(`Comparing versions ${from} and ${to} of ${project} …`);
    isTold = true;
  }
  throw new CliFailure(
    exitCodes.failed,
    'The comparison did not end. Ask again later: it goes on without you.',
  );
}

const differs = (found: Diff): boolean =>
  [found.rowsAdded, found.rowsRemoved, found.rowsChanged].some((rows) => rows > 0) ||
  [found.columnsAdded, found.columnsRemoved, found.columnsRetyped].some((columns) => columns.length > 0);

function render(project: string, found: Diff): string {
  const how =
    found.comparedBy === 'primaryKey'
      ? `by ${found.primaryKey}`
      : 'as whole rows: a version lacks the column of the primary key';
  return [
    `${pc.bold(`${project}, version ${found.from} → ${found.to}`)} ${pc.dim(how)}`,
    `${pc.green(`+ ${count(found.rowsAdded)} added`)}   ${pc.red(`- ${count(found.rowsRemoved)} removed`)}   ${pc.yellow(`~ ${count(found.rowsChanged)} changed`)}   ${pc.dim(`= ${count(found.rowsUnchanged)} unchanged`)}`,
    ...found.columnsAdded.map(({ name, type }) => pc.green(`+ column ${name} (${type})`)),
    ...found.columnsRemoved.map(({ name, type }) => pc.red(`- column ${name} (${type})`)),
    ...found.columnsRetyped.map((column) =>
      pc.yellow(`~ column ${column.name}: ${column.from} → ${column.to}`),
    ),
    ...changedValues(found),
    ...examples(found),
  ].join('\n');
}

function changedValues({ changedValues: byColumn }: Diff): string[] {
  const rows = Object.entries(byColumn).sort(([, a], [, b]) => b - a);
  if (rows.length === 0) return [];
  return ['', table(['changed column', 'rows'], rows)];
}

const signs = { added: pc.green('+'), removed: pc.red('-'), changed: pc.yellow('~') } as const;
const shownPerKind = 5;
const shownValues = 6;

function examples({ examples: all }: Diff): string[] {
  const lines = (['added', 'removed', 'changed'] as const).flatMap((kind) => {
    const ofKind = all.filter(({ change }) => change === kind);
    return ofKind.slice(0, shownPerKind).map(({ key, values }) => {
      const entries = Object.entries(values);
      const shown = entries.slice(0, shownValues).map(([name, { from, to }]) => {
        const value = kind === 'changed' ? `${shownText(from)} → ${shownText(to)}` : shownText(to ?? from);
        return `${pc.dim(`${name}:`)} ${value}`;
      });
      const more = entries.length > shownValues ? [pc.dim(`and ${entries.length - shownValues} more`)] : [];
      return `${signs[kind]} ${pc.bold(printable(key || '(no key)'))}  ${[...shown, ...more].join('  ')}`;
    });
  });
  return lines.length === 0 ? [] : ['', ...lines];
}

const shownText = (value: string | null): string => (value === null ? pc.dim('missing') : printable(value));
/** Data must not steer a terminal. */
const printable = (value: string): string => value.replaceAll(/\p{Cc}/gu, '·').slice(0, 60);
