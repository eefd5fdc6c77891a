import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listDatasetVersions, listUploads } from '#services/datasets/contract.ts';
import { AwsOperator } from './aws.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { canSeeProcesses, functionProcesses, killIfThere } from './processes.ts';
import { exampleText } from './project.ts';

const everythingTwice = { duplicate: 1, delay: 0.5, delayMs: 1500 };
const receiver = 'millrace-local-datasets-on-object-created';
const [header = '', ...lines] = exampleText('data/first-upload.csv').trim().split('\n');
/** A file of every format that is taken, together all rows of the example. */
const files: Readonly<Record<string, Buffer>> = {
  'a.csv': Buffer.from([header, ...lines.slice(0, 100)].join('\n')),
  'b.csv.gz': gzipSync([header, ...lines.slice(100, 200)].join('\r\n').replaceAll(',', ';')),
  'c.txt': Buffer.from([header, ...lines.slice(200)].join('\n'), 'utf16le'),
};
const manifest = JSON.stringify({
  files: Object.entries(files).map(([path, content]) => ({
    path,
    bytes: content.byteLength,
    sha256: createHash('sha256').update(content).digest('hex'),
  })),
});

/** A project on a platform, and what S3 takes for it past the API. */
async function open(platform: Platform) {
  const journey = new ProjectJourney(platform);
  await journey.apply({ training: { onNewData: 'never' } });
  const s3 = new S3Client({ ...platform.aws, forcePathStyle: true });
  const put = (name: string, content: string | Buffer) => {
    const Key = `incoming/${journey.project}/${name}`;
    return s3.send(new PutObjectCommand({ Bucket: platform.uploadsBucket, Key, Body: Buffer.from(content) }));
  };
  const params = { project: journey.project };
  return {
    journey,
    put,
    putFolder: async (folder: string) => {
      // The manifest first: its event may come first just as well.
      await put(`${folder}/_manifest.json`, manifest);
      for (const [path, content] of Object.entries(files)) await put(`${folder}/${path}`, content);
    },
    versions: async () => (await journey.as().call(listDatasetVersions, { params })).items,
    uploads: async () => (await journey.as().call(listUploads, { params })).items,
  };
}

describe.skipIf(deployedUrl)('a folder of files', () => {
  describe('whose events come twice, late and out of order', () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.startLaptop({ seed: 7, 's3-event': everythingTwice, bus: everythingTwice });
    });
    afterAll(() => platform?.close());

    it('becomes one version with all rows', async () => {
      const { journey, putFolder, versions, uploads } = await open(platform);
      await putFolder('january');
      const aws = new AwsOperator(platform);
      const deliveries = 4 * (Object.keys(files).length + 1);
      await journey.eventually('every delivery of every event', async () =>
        (await aws.count(receiver, 'Invocations')) >= deliveries ? true : undefined,
      );
      const found = await journey.eventually('the version', async () => {
        const all = await versions();
        return all.length > 0 ? all : undefined;
      });
      expect(found).toMatchObject([{ datasetVersion: 1, rows: lines.length }]);
      expect(await uploads()).toMatchObject([{ status: 'created', files: 3 }]);
    });
  });

  describe('of which no event comes', () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.startLaptop({ 's3-event': { drop: 1 } });
    });
    afterAll(() => platform?.close());

    it('is found by the hourly round, as is a single file, once', async () => {
      const { put, putFolder, versions, uploads } = await open(platform);
      await put('single.csv', [header, ...lines.slice(0, 50)].join('\n'));
      await putFolder('january');
      const aws = new AwsOperator(platform);
      for (let round = 0; round < 2; round++)
        await aws.invoke('datasets', 'every-hour', { olderThanMinutes: 0 });
      expect((await versions()).map(({ rows }) => rows)).toEqual([lines.length + 50, 50]);
      expect(await uploads()).toHaveLength(2);
    });
  });

  describe.skipIf(!canSeeProcesses)('at which the function that reads it is killed', () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.startLaptop();
    });
    afterAll(() => platform?.close());

    it('becomes one version, whenever that happens', async () => {
      const { journey, putFolder, versions, uploads } = await open(platform);
      const killAfterMs = [0, 60, 150, 300, 600];
      const killed = new Set<number>();
      const killer = setInterval(() => {
        for (const { pid, functionName } of functionProcesses(platform.aws.endpoint)) {
          const afterMs = killAfterMs[killed.size];
          if (functionName !== receiver || killed.has(pid) || afterMs === undefined) continue;
          killed.add(pid);
          setTimeout(() => killIfThere(pid), afterMs);
        }
      }, 30);
      try {
        await putFolder('january');
        await journey.eventually('the version', async () =>
          (await versions()).length > 0 ? true : undefined,
        );
      } finally {
        clearInterval(killer);
      }
      expect(killed.size).toBeGreaterThan(0);
      expect(await versions()).toMatchObject([{ rows: lines.length }]);
      expect(await uploads()).toHaveLength(1);
    });
  });
});
