import pc from 'picocolors';
import {
  deleteDatasetTag,
  listDatasetTags,
  listDatasetVersions,
  putDatasetTag,
  readDatasetVersion,
  uploadedName,
} from '#services/datasets/contract.ts';
import { readProject } from '#services/projects/contract.ts';
import type { ApiClient } from '../../client.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import { table } from '../../output.ts';
import type { CommandContext } from '../context.ts';
import { everyPage } from './every-page.ts';

/** `1.4 MB`; powers of ten, as disks have it. */
export function byteCount(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(1, bytes)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${units[power]}`;
}

/** `1 file`, `2 files`. */
export const counted = (value: number, noun: string): string =>
  `${count(value)} ${noun}${value === 1 ? '' : 's'}`;

/** `1 234 567`. */
export const count = (value: number): string => value.toLocaleString('en-US').replaceAll(',', ' ');

/** A version's number off the command line. */
export function versionNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new CliFailure(
      exitCodes.usage,
      `'${text}' is not a version: versions are counted 1, 2, 3. \`millrace data versions <project>\` lists them.`,
    );
  return value;
}

const tagsOf = (client: ApiClient, project: string) =>
  everyPage((pageToken) => client.call(listDatasetTags, { params: { project }, query: { pageToken } }));

/** Lists all versions of a dataset. */
export async function versions({ client, output }: CommandContext, project: string): Promise<void> {
  const [items, tags] = await Promise.all([
    everyPage((pageToken) => client.call(listDatasetVersions, { params: { project }, query: { pageToken } })),
    tagsOf(client, project),
  ]);
  const tagsByVersion = Map.groupBy(tags, ({ datasetVersion }) => datasetVersion);
  output.result(
    items.map((item) => ({
      ...item,
      tags: (tagsByVersion.get(item.datasetVersion) ?? []).map(({ tag: name }) => name),
    })),
    () =>
      items.length === 0
        ? `Nothing was uploaded to ${project} yet.`
        : table(
            ['version', 'rows', 'size', 'columns', 'created', 'content', ''],
            items.map((item) => [
              item.datasetVersion,
              count(item.rows),
              byteCount(item.bytes),
              item.columns.length,
              item.createdAt.slice(0, 19).replace('T', ' '),
              item.contentSha256.slice(0, 12),
              [
                ...(tagsByVersion.get(item.datasetVersion) ?? []).map(({ tag: name }) => pc.cyan(name)),
                ...(item.expiredAt ? [pc.dim('expired')] : []),
                ...(item.restoredFrom ? [pc.dim(`restored from ${item.restoredFrom}`)] : []),
                ...(item.erasures ? [pc.dim('rows erased')] : []),
              ].join(' '),
            ]),
          ),
  );
}

/** The number of the newest version; a failure where there is none. */
export async function newestVersion(client: ApiClient, project: string): Promise<number> {
  const { items } = await client.call(listDatasetVersions, { params: { project } });
  if (items[0]) return items[0].datasetVersion;
  throw new CliFailure(
    exitCodes.refused,
    `Nothing was uploaded to '${project}' yet: \`millrace upload ${project} <file>\`.`,
  );
}

/** The number of the version that was current at an instant. */
export async function versionAt(client: ApiClient, project: string, time: string): Promise<number> {
  const instant = new Date(time);
  if (Number.isNaN(instant.getTime()))
    throw new CliFailure(
      exitCodes.usage,
      `'${time}' is no time. Write it as ISO 8601: 2026-11-28 or 2026-11-28T09:30:00Z.`,
    );
  const { items } = await client.call(listDatasetVersions, {
    params: { project },
    query: { at: instant.toISOString() },
  });
  if (items[0]) return items[0].datasetVersion;
  throw new CliFailure(
    exitCodes.refused,
    `At ${instant.toISOString()} the dataset of '${project}' had no version yet.`,
  );
}

/** The number of the version that a tag is on. */
export async function versionTagged(client: ApiClient, project: string, name: string): Promise<number> {
  const found = (await tagsOf(client, project)).find(({ tag: other }) => other === name);
  if (found) return found.datasetVersion;
  throw new CliFailure(
    exitCodes.refused,
    `The dataset of '${project}' has no tag '${name}'. \`millrace data versions ${project}\` shows those that there are.`,
  );
}

/** Shows one version. */
export async function show(
  { client, output }: CommandContext,
  project: string,
  version: number | undefined,
): Promise<void> {
  const datasetVersion = version ?? (await newestVersion(client, project));
  const shown = await client.call(readDatasetVersion, { params: { project, datasetVersion } });
  output.result(shown, () =>
    [
      pc.bold(`${project}, version ${shown.datasetVersion}`),
      ...pairs([
        ['rows', count(shown.rows)],
        ['size', byteCount(shown.bytes)],
        ['created', shown.createdAt],
        ['from', sourceName(shown.sourceKey)],
        ['parent', shown.parentVersion === undefined ? 'none' : `version ${shown.parentVersion}`],
        [
          'restored',
          shown.restoredFrom === undefined
            ? undefined
            : `from version ${shown.restoredFrom}: ${shown.restorationReason ?? ''}`,
        ],
        ['content', shown.contentSha256],
        ['tags', shown.tags.join(' ') || 'none'],
        ['trained on', shown.trainedOn ? 'yes: it is kept' : 'no'],
        ['expired', shown.expiredAt],
        ['owner', shown.datasheet?.owner],
        ['sensitivity', shown.datasheet?.sensitivity],
      ]),
      ...(shown.erasures ?? []).map(
        ({ erasureId, at: time, contentSha256Before }) =>
          `Rows were erased at ${time} (${erasureId}); its content was ${contentSha256Before} before.`,
      ),
      '',
      table(
        ['column', 'type'],
        shown.columns.map(({ name, type }) => [name, type]),
      ),
    ].join('\n'),
  );
}

/** Shows the datasheet, as the newest revision of the project has it. */
export async function datasheet({ client, output }: CommandContext, project: string): Promise<void> {
  const { revision, definition, appliedAt } = await client.call(readProject, { params: { project } });
  const sheet = definition.data.datasheet;
  output.result({ project, revision, appliedAt, datasheet: sheet ?? null }, () =>
    sheet
      ? [
          pc.bold(`Datasheet of ${project}`),
          pc.dim(`revision ${revision}, ${appliedAt}`),
          ...Object.entries(sheet).flatMap(([name, value]) => (value ? ['', pc.bold(name), value] : [])),
        ].join('\n')
      : `The dataset of ${project} has no datasheet: write \`data.datasheet\` into the project file (owner, purpose, collection, sensitivity, licence, notes).`,
  );
}

/** Says which version was current at an instant. */
export async function at(context: CommandContext, project: string, time: string): Promise<void> {
  return show(context, project, await versionAt(context.client, project, time));
}

/** Puts a tag on a version. */
export async function tag(
  { client, output }: CommandContext,
  project: string,
  name: string,
  datasetVersion: number,
): Promise<void> {
  const moved = await client.call(putDatasetTag, {
    params: { project, tag: name },
    body: { datasetVersion },
  });
  output.result(
    moved,
    () =>
      `Tag ${moved.tag} is on version ${moved.datasetVersion}${moved.from === undefined ? '' : `, and was on version ${moved.from}`}.`,
  );
}

/** Takes a tag away. */
export async function untag(
  { client, output }: CommandContext,
  project: string,
  name: string,
): Promise<void> {
  const gone = await client.call(deleteDatasetTag, { params: { project, tag: name } });
  output.result(gone, () => `Tag ${gone.tag} is no longer on version ${gone.from}.`);
}

/** `first.csv`, or `november/_manifest.json` of a folder, without the folder of the project's uploads. */
const sourceName = (key: string): string => uploadedName(key.split('/').slice(2).join('/'));

function pairs(all: readonly (readonly [string, string | undefined])[]): string[] {
  const known = all.filter(([, value]) => value !== undefined);
  const width = Math.max(...known.map(([name]) => name.length));
  return known.map(([name, value]) => `${pc.dim(name.padEnd(width))}  ${value}`);
}
