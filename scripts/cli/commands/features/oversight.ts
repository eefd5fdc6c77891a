import { setTimeout as sleep } from 'node:timers/promises';
import type { Command } from 'commander';
import pc from 'picocolors';
import {
  checkFeatureSkew,
  listFeatureErasures,
  listFeatureSkew,
  listFeatures,
  readFeatureErasure,
  readFeatureFreshness,
  requestFeatureErasure,
  type SkewReport,
} from '#services/feature-store/contract.ts';
import type { ConnectionOptions } from '../../connection.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { duration, table } from '../../output.ts';
import { type CommandContext, contextOf } from '../context.ts';
import { everyPage } from '../data/every-page.ts';
import { pairOf } from './pair-of.ts';

type Shared = (command: Command) => Command;
type Options = ConnectionOptions & { readonly json?: boolean };

const pollMs = 1000;
const patienceMs = 30 * 60_000;

/** `millrace features freshness | skew | erase | erasures`: whether features are as they should be, and taking entities out of them. */
export function addOversightCommands(group: Command, shared: Shared): void {
  shared(
    group
      .command('freshness <project>')
      .description('how old the newest online value of each view is, against its objective'),
  ).action((project: string, options: Options) => freshness(contextOf(options), project));
  shared(
    group
      .command('skew <project>')
      .description('what was served online, compared with what training would have seen'),
  )
    .option('--check', 'look at what was served since the last report now', false)
    .action((project: string, options: Options & { check: boolean }) =>
      skew(contextOf(options), project, options.check),
    );
  shared(
    group
      .command('erase <project> <entity> <key...>')
      .description(
        'erase an entity (driver_id=d001 …) from online values, records and captured predictions, for good (role admin)',
      ),
  )
    .requiredOption('--reason <text>', 'why; it is kept with the certificate')
    .option('--confirm <project>', 'the project’s name again: it cannot be undone')
    .option('--no-wait', 'do not wait for its end')
    .action(
      (
        project: string,
        entity: string,
        key: string[],
        options: Options & { reason: string; confirm?: string; wait: boolean },
      ) => erase(contextOf(options), { project, entity, key, ...options }),
    );
  shared(
    group
      .command('erasures <project> [erasure]')
      .description('erasures by entity key, or one with its certificate (role admin)'),
  ).action((project: string, erasureId: string | undefined, options: Options) =>
    erasures(contextOf(options), project, erasureId),
  );
}

async function freshness({ client, output }: CommandContext, project: string): Promise<void> {
  const found = await client.call(readFeatureFreshness, { params: { project } });
  const age = (seconds: number | undefined) => (seconds === undefined ? '' : duration(seconds * 1000));
  output.result(found, () =>
    found.views.length === 0
      ? `${project} declares no views that are kept online.`
      : table(
          ['view', 'version', 'newest value', 'lag', 'allowed', 'status'],
          found.views.map((view) => [
            view.view,
            view.version,
            view.newestEventAt ?? '',
            age(view.lagSeconds),
            age(view.maxLagSeconds),
            view.status === 'breached' ? pc.red(view.status) : view.status,
          ]),
        ),
  );
  if (found.views.some(({ status }) => status === 'breached')) process.exitCode = exitCodes.failed;
}

async function skew({ client, output }: CommandContext, project: string, check: boolean): Promise<void> {
  const reports = check ? await checked({ client, output }, project) : await skewReports(client, project);
  output.result(reports, () =>
    reports.length === 0
      ? `Nothing that ${project} served was looked at yet. Look now: npx millrace features skew ${project} --check`
      : reports.map(reportText).join('\n\n'),
  );
  if (check && reports.some(({ verdict }) => verdict === 'Fail')) process.exitCode = exitCodes.failed;
}

const skewReports = async (client: CommandContext['client'], project: string): Promise<SkewReport[]> =>
  (await client.call(listFeatureSkew, { params: { project }, query: {} })).items;

async function checked(
  { client, output }: Pick<CommandContext, 'client' | 'output'>,
  project: string,
): Promise<SkewReport[]> {
  const { checkId } = await client.call(checkFeatureSkew, { params: { project } });
  output.progress(`Looking at what ${project} served (${checkId}) …`);
  for (const giveUpAtMs = Date.now() + patienceMs; Date.now() < giveUpAtMs; await sleep(pollMs)) {
    const reports = (await skewReports(client, project)).filter(({ reportId }) =>
      reportId.startsWith(checkId),
    );
    if (reports.length > 0) return reports;
  }
  throw new CliFailure(
    exitCodes.failed,
    `There is no report of check ${checkId} within half an hour. It may come still: npx millrace features skew ${project}`,
  );
}

function reportText({ featureService, from, to, inferences, verdict, features }: SkewReport): string {
  const head = `${pc.bold(`${featureService.service} version ${featureService.version}`)}: ${verdict}, ${inferences} predictions from ${from} to ${to}`;
  if (features.length === 0) return head;
  const rows = [...features].sort((a, b) => b.mismatchRate - a.mismatchRate).slice(0, 12);
  return [
    head,
    table(
      ['feature', 'compared', 'stale', 'different', 'mismatch'],
      rows.map((feature) => [
        feature.feature,
        feature.compared,
        feature.stale,
        feature.different,
        `${(feature.mismatchRate * 100).toFixed(2)} %`,
      ]),
    ),
  ].join('\n');
}

interface Erase {
  readonly project: string;
  readonly entity: string;
  readonly key: readonly string[];
  readonly reason: string;
  readonly confirm?: string;
  readonly wait: boolean;
}

async function erase(context: CommandContext, wanted: Erase): Promise<void> {
  const { project, entity, reason, confirm, wait } = wanted;
  if (confirm !== project)
    throw new CliFailure(
      exitCodes.usage,
      `This erases a ${entity} from online values, records and captured predictions of '${project}', for good. Say --confirm ${project} to do it.`,
    );
  const { client, output } = context;
  const asked = await client.call(requestFeatureErasure, {
    params: { project },
    body: { entity, keys: [await keyOf(context, wanted)], reason },
  });
  const { erasureId } = asked;
  if (!wait)
    return output.result(
      asked,
      () => `Erasure ${erasureId} began: npx millrace features erasures ${project} ${erasureId}`,
    );
  output.progress(`Erasing (${erasureId}) …`);
  for (const giveUpAtMs = Date.now() + patienceMs; Date.now() < giveUpAtMs; await sleep(pollMs)) {
    const { status } = await client.call(readFeatureErasure, { params: { project, erasureId } });
    if (status !== 'running') return erasures(context, project, erasureId);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Erasure ${erasureId} did not end within half an hour. It goes on without you.`,
  );
}

/** `driver_id=d001`: what a value is, the entity's join key says. */
async function keyOf(
  { client }: CommandContext,
  { project, entity, key }: Erase,
): Promise<Record<string, string | number>> {
  const { entities } = await client.call(listFeatures, { params: { project } });
  const joinKeys = entities.find((each) => each.entity === entity)?.joinKeys ?? [];
  return Object.fromEntries(
    key.map((text) => {
      const pair = pairOf(text);
      if (!pair) throw new CliFailure(exitCodes.usage, `'${text}' is no key: write <join key>=<value>.`);
      const [name, value] = pair;
      const isInteger = joinKeys.find((joinKey) => joinKey.name === name)?.type === 'integer';
      return [name, isInteger && /^-?\d+$/.test(value) ? Number(value) : value];
    }),
  );
}

async function erasures(
  { client, output }: CommandContext,
  project: string,
  erasureId: string | undefined,
): Promise<void> {
  if (erasureId === undefined) {
    const items = await everyPage((pageToken) =>
      client.call(listFeatureErasures, { params: { project }, query: { pageToken } }),
    );
    return output.result(items, () =>
      items.length === 0
        ? `No entity was erased from ${project}.`
        : table(
            ['erasure', 'entity', 'status', 'keys', 'asked for', 'by', 'reason'],
            items.map((item) => [
              item.erasureId,
              item.entity,
              item.status,
              item.keys,
              item.requestedAt.slice(0, 19).replace('T', ' '),
              item.requestedBy,
              item.reason,
            ]),
          ),
    );
  }
  const found = await client.call(readFeatureErasure, { params: { project, erasureId } });
  const { certificateText: certificate } = found;
  output.result(found, () =>
    [
      `${pc.bold(`Erasure ${erasureId}`)} of ${found.entity} of ${project}: ${found.status}`,
      ...(found.failure ? [pc.red(found.failure)] : []),
      ...(certificate
        ? [
            `${certificate.onlineValuesDeleted} online values, ${certificate.recordsErased} records and ${certificate.predictionsErased} predictions erased; ${certificate.filesRewritten} files rewritten.`,
            ...certificate.remaining.map(({ kind, id, why }) => `${pc.yellow(`${kind} ${id}`)}: ${why}`),
          ]
        : []),
    ].join('\n'),
  );
  if (found.status === 'failed') process.exitCode = exitCodes.failed;
}
