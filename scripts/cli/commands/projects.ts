import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parse as parseYaml } from 'yaml';
import { createUpload, listUploads } from '#services/datasets/contract.ts';
import { applyProject } from '#services/projects/contract.ts';
import { type ApiClient, send } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { readLocalFile } from '../rows.ts';
import type { CommandContext } from './context.ts';

/** Creates or changes the project that a file declares. */
export async function apply({ client, output }: CommandContext, path: string): Promise<void> {
  const text = readLocalFile(path).toString('utf8');
  const revision = await client.call(applyProject, {
    params: { project: projectNameIn(text, path) },
    body: text,
  });
  output.result(revision, () =>
    revision.changed
      ? `Project ${revision.project} is at revision ${revision.revision}.`
      : `Project ${revision.project} is unchanged at revision ${revision.revision}.`,
  );
}

/** The name is part of the address; whatever else is wrong with the file, the platform says. */
function projectNameIn(text: string, path: string): string {
  let document: unknown;
  try {
    document = parseYaml(text);
  } catch (error) {
    throw new CliFailure(exitCodes.usage, `'${path}' is not YAML: ${(error as Error).message}`);
  }
  const name =
    typeof document === 'object' && document !== null && 'name' in document ? document.name : undefined;
  if (typeof name !== 'string')
    throw new CliFailure(
      exitCodes.usage,
      `'${path}' declares no project: it needs a line \`name: <project>\`.`,
    );
  return name;
}

/** Puts a local file into the project’s incoming folder; returns its key. */
export async function uploadFile(client: ApiClient, project: string, path: string): Promise<string> {
  const content = readLocalFile(path);
  const target = await client.call(createUpload, {
    params: { project },
    body: { fileName: basename(path), bytes: content.byteLength },
  });
  const response = await send(target.url, {
    method: target.method,
    headers: target.headers,
    body: new Uint8Array(content),
  });
  if (!response.ok)
    throw new CliFailure(
      exitCodes.refused,
      `S3 refused the upload of '${path}' (${response.status}): ${(await response.text()).slice(0, 300)}`,
    );
  return target.key;
}

/** Uploads a file and says what became of it: a new version, unchanged content, or a rejection (exit code 1). */
export async function upload(
  { client, output }: CommandContext,
  project: string,
  path: string,
): Promise<void> {
  const key = await uploadFile(client, project, path);
  const outcome = await outcomeOf(client, project, key);
  output.result(outcome, () =>
    outcome.status === 'created'
      ? `Uploaded: dataset version ${outcome.datasetVersion}.`
      : `The content is that of dataset version ${outcome.datasetVersion}: nothing new.`,
  );
}

async function outcomeOf(client: ApiClient, project: string, key: string) {
  for (let attempt = 0; attempt < 120; attempt++) {
    const { items } = await client.call(listUploads, { params: { project } });
    const found = items.find((item) => item.key === key);
    if (found?.status === 'rejected') {
      throw new CliFailure(
        exitCodes.failed,
        'The upload was rejected.',
        (found.reasons ?? []).map((reason) => `${reason.code}: ${reason.message}`),
      );
    }
    if (found) return found;
    await sleep(500);
  }
  throw new CliFailure(
    exitCodes.failed,
    `Nothing is known of the upload '${key}' after a minute. \`millrace status ${project}\` may tell later.`,
  );
}
