import { ListObjectsV2Command, type ListObjectsV2CommandOutput } from '@aws-sdk/client-s3';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { getText, putJson, putObject, s3Client } from '#shared/aws/objects.ts';
import { formatS3Uri, parseS3Uri } from '#shared/kernel/s3-uri.ts';
import type { CapturedPrediction } from '../contract.ts';
import type { CaptureObjects } from '../ports.ts';

/** Lines as they stand in a file; none is an empty file. */
export const jsonLines = (lines: readonly unknown[]): string =>
  lines.map((line) => `${JSON.stringify(line)}\n`).join('');

export const jsonLinesType = 'application/jsonl';

export function createCaptureObjects(bucket: string): CaptureObjects {
  return {
    async *list(project, after) {
      const prefix = `predictions/${project}/`;
      let token: string | undefined;
      do {
        const page: ListObjectsV2CommandOutput = await s3Client().send(
          new ListObjectsV2Command({
            Bucket: bucket,
            Prefix: prefix,
            ...(token === undefined ? { StartAfter: after } : { ContinuationToken: token }),
          }),
        );
        for (const { Key: key } of page.Contents ?? [])
          if (key !== undefined) yield { key, uri: formatS3Uri({ bucket, key }) };
        token = page.NextContinuationToken;
      } while (token !== undefined);
    },
    read: async (uri) =>
      (await getText(uri))
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as CapturedPrediction),
    write: (uri, lines) => putObject(parseS3Uri(uri), jsonLines(lines), jsonLinesType),
    versions: (uri) => objectVersions.list([uri]),
    removeVersions: (versions) => objectVersions.remove(versions),
    writeDocument: (project, erasureId, document) =>
      putJson({ bucket, key: `erasures/${project}/${erasureId}.json` }, document),
  };
}
