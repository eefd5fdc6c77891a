import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { ApiClient } from '../client.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { cacheFolder, createBegunUploads } from '../upload/begun-uploads.ts';
import { outcomesOf, waitForOutcome, waitForVerdict } from '../upload/outcome.ts';
import { createProgress, type UploadProgress } from '../upload/progress.ts';
import { type SendingDeps, sendFile } from '../upload/send-file.ts';
import { uploadFolder } from '../upload/upload-folder.ts';
import type { CommandContext } from './context.ts';

export interface UploadOptions {
  /** Name of the folder on the platform. */
  readonly folder?: string;
  /** Whether to wait for the verdict on the version too. */
  readonly wait: boolean;
}

/** Puts a local file into the project’s incoming folder, without a word; returns its key. */
export const uploadFile = (client: ApiClient, project: string, path: string): Promise<string> =>
  sendFile(sendingBy(client, { add: () => {}, end: () => {} }), {
    project,
    file: path,
    fileName: basename(path),
  });

/** Uploads a file or a folder and says what became of it: a new version, unchanged content, or a rejection (exit code 1). */
export async function upload(
  { client, output }: CommandContext,
  project: string,
  path: string,
  { folder, wait }: UploadOptions,
): Promise<void> {
  let before = 0;
  let progress: UploadProgress | undefined;
  const sending = (totalBytes: number): SendingDeps => {
    progress = createProgress(totalBytes);
    return sendingBy(client, progress);
  };
  const key = isDirectory(path)
    ? await uploadFolder(sending, {
        project,
        local: path,
        folder,
        beforeManifest: async (manifestKey) => {
          before = (await outcomesOf(client, project, manifestKey)).length;
        },
      })
    : await sendFile(sending(statSync(path).size), { project, file: path, fileName: basename(path) });
  progress?.end();
  const outcome = await waitForOutcome(client, { project, key, before });
  const verdict =
    wait && outcome.datasetVersion !== undefined
      ? await waitForVerdict(client, project, outcome.datasetVersion)
      : undefined;
  const said =
    outcome.status === 'created'
      ? `Uploaded: dataset version ${outcome.datasetVersion}.`
      : `The content is that of dataset version ${outcome.datasetVersion}: nothing new.`;
  const judged = verdict
    ? ` Verdict: ${verdict.verdict}, ${verdict.validRows} of ${verdict.rows} rows are good.`
    : '';
  output.result({ ...outcome, ...(verdict ? { validation: verdict } : {}) }, () => `${said}${judged}`);
  if (verdict?.verdict === 'Fail')
    throw new CliFailure(
      exitCodes.failed,
      `Dataset version ${outcome.datasetVersion} fails its checks: \`npx millrace validation show ${project}\`.`,
      verdict.cure ? [verdict.cure] : [],
    );
}

function isDirectory(path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (found) return found.isDirectory();
  throw new CliFailure(
    exitCodes.usage,
    `There is no file '${path}'. Name a file or a folder that can be read from this folder.`,
  );
}

const sendingBy = (client: ApiClient, progress: SendingDeps['progress']): SendingDeps => ({
  client,
  begun: createBegunUploads(cacheFolder()),
  progress,
});
