import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { listDatasetFiles, readDatasetVersion } from '#services/datasets/contract.ts';
import { listCheckedFiles } from '#services/validation/contract.ts';
import type { ApiClient } from '../../client.ts';
import { CliFailure, exitCodes } from '../../failure.ts';
import type { CommandContext } from '../context.ts';
import { fetchFile, hasContent, nameOf, type VersionFile } from './checkout-files.ts';
import { readMarker, writeMarker } from './checkout-marker.ts';
import {
  byteCount,
  count,
  counted,
  newestVersion,
  versionAt,
  versionNumber,
  versionTagged,
} from './versions.ts';

export interface CheckoutOptions {
  readonly output: string;
  readonly version: string | undefined;
  readonly tag: string | undefined;
  readonly at: string | undefined;
  /** The rows that passed, as Parquet, in place of the files as they were uploaded. */
  readonly validated: boolean;
  /** The rows in quarantine, as Parquet. */
  readonly quarantine: boolean;
}

/**
 * Writes the files of a version into a folder, under the names that they were uploaded with, or what its check wrote of them. Files that are right already stay; what
 * belongs to another version of an earlier checkout goes; a folder with anything else in it is refused.
 */
export async function checkout(
  { client, output }: CommandContext,
  project: string,
  options: CheckoutOptions,
): Promise<void> {
  const folder = path.resolve(options.output);
  const before = await readMarker(folder, project);
  const datasetVersion = await chosenVersion(client, project, options);
  const version = await client.call(readDatasetVersion, { params: { project, datasetVersion } });
  await mkdir(folder, { recursive: true });
  const files: Record<string, string> = {};
  const written = { fetched: 0, kept: 0, bytes: 0, rows: 0 };
  const { contentSha256 } = version;
  for await (const page of filesOf(client, { project, datasetVersion }, options)) {
    const named = page.map((file) => {
      const name = nameOf(file, files);
      files[name] = file.sha256;
      return { name, file };
    });
    // Written first: what is begun here belongs to the checkout, however it ends.
    await writeMarker(folder, {
      project,
      datasetVersion,
      contentSha256,
      files: { ...before?.files, ...files },
    });
    for (const { name, file } of named) {
      const target = path.join(folder, name);
      const isThere = await hasContent(target, file);
      if (!isThere) await fetchFile(file, target);
      written[isThere ? 'kept' : 'fetched']++;
      written.rows += file.rows;
      written.bytes += isThere ? 0 : file.bytes;
      output.progress(
        `${isThere ? 'kept   ' : 'fetched'} ${name} (${byteCount(file.bytes)}, ${counted(file.rows, 'row')})`,
      );
    }
  }
  const removed = Object.keys(before?.files ?? {}).filter((name) => !(name in files));
  for (const name of removed) await rm(path.join(folder, name), { force: true });
  await writeMarker(folder, { project, datasetVersion, contentSha256, files });
  output.result(
    {
      project,
      datasetVersion,
      contentSha256: version.contentSha256,
      folder,
      ...written,
      removed: removed.length,
    },
    () =>
      `Version ${datasetVersion} of ${project} is in ${folder}: ${counted(Object.keys(files).length, 'file')}, ${counted(written.rows, 'row')}; ${written.fetched} fetched (${byteCount(written.bytes)}), ${count(written.kept)} right already${removed.length > 0 ? `, ${removed.length} of another version removed` : ''}.`,
  );
}

/** Pages of the files; addresses of a page are good for a while only. */
async function* filesOf(
  client: ApiClient,
  params: { project: string; datasetVersion: number },
  { validated, quarantine }: CheckoutOptions,
): AsyncGenerator<readonly VersionFile[]> {
  if (validated || quarantine) {
    const { items } = await client.call(listCheckedFiles, { params });
    const wanted = items.filter(({ kind }) => (kind === 'validated' ? validated : quarantine));
    if (wanted.length === 0)
      throw new CliFailure(
        exitCodes.refused,
        `Version ${params.datasetVersion} of '${params.project}' has no ${validated ? 'rows that may be used' : 'rows in quarantine'}: \`npx millrace validation show ${params.project} --version ${params.datasetVersion}\`.`,
      );
    yield wanted.map((file) => ({ ...file, path: `${file.kind}.parquet` }));
    return;
  }
  let pageToken: string | undefined;
  do {
    const page = await client.call(listDatasetFiles, { params, query: { pageToken } });
    yield page.items;
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
}

async function chosenVersion(
  client: ApiClient,
  project: string,
  { version, tag, at }: CheckoutOptions,
): Promise<number> {
  if ([version, tag, at].filter((given) => given !== undefined).length > 1)
    throw new CliFailure(exitCodes.usage, 'Name the version by one of --version, --tag and --at.');
  if (version !== undefined) return versionNumber(version);
  if (tag !== undefined) return versionTagged(client, project, tag);
  if (at !== undefined) return versionAt(client, project, at);
  return newestVersion(client, project);
}
