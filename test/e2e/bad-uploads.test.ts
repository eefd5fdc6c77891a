import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUpload, listUploads } from '#services/datasets/contract.ts';
import { listTrainings } from '#services/training/contract.ts';
import { eventually } from './eventually.ts';
import { ProjectJourney } from './journey.ts';
import { deployedUrl, Platform } from './platform.ts';
import { exampleText } from './project.ts';

const maxUploadBytes = 100_000;
const rows = exampleText('data/first-upload.csv');
const [header = '', ...lines] = rows.trim().split('\n');
const nothing = { datasetVersions: 0, trainings: 0, modelVersions: 0, approvals: 0, releases: 0 };

const badContents: readonly [what: string, content: string, code: string, says: RegExp][] = [
  ['nothing in it', '', 'EmptyUpload', /0 bytes\. Upload one with a header and rows/],
  ['a header and no rows', `${header}\n`, 'EmptyUpload', /columns and no rows/],
  ['too many bytes', rows.repeat(3), 'UploadTooLarge', new RegExp(`allows ${maxUploadBytes}`)],
  ['other columns', rows.replace('mean_radius', 'radius'), 'MissingColumns', /mean_radius/],
  ['a row that was cut off', rows.slice(0, 30_000), 'TruncatedUpload', /upload it again/],
  [
    'another format in it',
    `PAR1${'\0'.repeat(4000)}PAR1`,
    'UnreadableUpload',
    /is Parquet; data\.format of the project takes CSV only/,
  ],
];

describe('an upload with', () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.open();
  });
  afterAll(() => platform?.close());

  async function project(data = {}): Promise<ProjectJourney> {
    const journey = new ProjectJourney(platform);
    await journey.apply({ data: { maxUploadBytes, ...data } });
    return journey;
  }
  /** Writes an object as who has credentials of the account may, past the API. */
  const put = (key: string, content: string) =>
    new S3Client({ ...platform.aws, forcePathStyle: true }).send(
      new PutObjectCommand({ Bucket: platform.uploadsBucket, Key: key, Body: Buffer.from(content) }),
    );

  describe.skipIf(deployedUrl)('by S3,', () => {
    it.each(badContents)(
      '%s is rejected with the reason, and nothing follows',
      async (_what, content, code, says) => {
        const journey = await project();
        const key = `incoming/${journey.project}/rows.csv`;
        await put(key, content);
        const { status, reasons } = await journey.outcomeOf(key);
        expect([status, reasons?.map((reason) => reason.code)]).toEqual(['rejected', [code]]);
        expect(reasons?.[0]?.message).toMatch(says);
        expect(await journey.counts()).toEqual(nothing);
        await journey.newest('failed');
      },
    );

    it('a truncated Parquet file is rejected', async () => {
      const journey = await project({ format: 'parquet' });
      const key = `incoming/${journey.project}/rows.parquet`;
      await put(key, `PAR1${'x'.repeat(500)}`);
      expect(await journey.outcomeOf(key)).toMatchObject({
        status: 'rejected',
        reasons: [
          { code: 'TruncatedUpload', message: expect.stringContaining('The Parquet file has no end') },
        ],
      });
    });

    it('an unknown project in its key is rejected, and told where one looks for it', async () => {
      const { project: unknown } = new ProjectJourney(platform);
      await put(`incoming/${unknown}/rows.csv`, rows);
      const upload = await eventually('the rejection', async () => {
        const { items } = await platform.as().call(listUploads, { params: { project: unknown } });
        return items[0];
      });
      expect(upload).toMatchObject({
        status: 'rejected',
        reasons: [{ code: 'UnknownProject', message: expect.stringContaining('Apply its project file') }],
      });
    });
  });

  it('the content of the version before makes no other', async () => {
    const journey = await project({ checks: { minRows: 1000 } });
    const first = await journey.outcomeOf(await journey.upload(rows));
    const again = await journey.outcomeOf(await journey.upload(rows));
    expect([first.status, again.status, again.datasetVersion]).toEqual(['created', 'unchanged', 1]);
    expect(await journey.counts()).toMatchObject({ datasetVersions: 1 });
  });

  it('values that break the project’s rules is not trained on', async () => {
    const journey = await project();
    const impossible = lines.map((line) => line.replace(/,[^,]+$/, ',7'));
    await journey.upload([header, ...impossible].join('\n'));
    const failed = await journey.step('validation', 'failed');
    expect(failed.steps.at(-1)?.summary).toMatch(/malignant/);
    expect(await journey.counts()).toEqual({ ...nothing, datasetVersions: 1 });
  });

  it('a hyperparameter that the algorithm does not know ends the training with its name', async () => {
    const journey = new ProjectJourney(platform);
    await journey.apply({ training: { hyperparameters: { num_round: 10, max_deph: 4 } } });
    await journey.upload(rows);
    const params = { project: journey.project };
    const training = await journey.eventually('the end of the training', async () => {
      const { items } = await journey.as().call(listTrainings, { params });
      return items.find(({ endedAt }) => endedAt);
    });
    expect(training).toMatchObject({ status: 'failed', error: expect.stringContaining('max_deph') });
    expect(await journey.counts()).toMatchObject({ modelVersions: 0, approvals: 0 });
  });

  it.each<[string, object, string, RegExp]>([
    [
      'more bytes than the project takes',
      { fileName: 'a.csv', bytes: 100_001 },
      'UploadTooLarge',
      /allows 100000/,
    ],
    ['no bytes', { fileName: 'a.csv', bytes: 0 }, 'EmptyUpload', /0 bytes/],
    ['a path without its folder', { fileName: 'x/a.csv', bytes: 1 }, 'FolderRequired', /Name the folder/],
    ['a path for a name', { fileName: '../a.csv', bytes: 1 }, 'InvalidBody', /fileName/],
    ['something unknown', { fileName: 'a.csv', bytes: 1, key: 'x' }, 'InvalidBody', /key/],
  ])('%s gets no address', async (_what, body, code, says) => {
    const { project: name } = await project();
    const answer = await platform.request(createUpload, { project: name }, { text: JSON.stringify(body) });
    expect(answer).toMatchObject({ status: 400, problem: { code } });
    expect(answer.problem.detail).toMatch(says);
  });

  it('an unknown project gets no address', async () => {
    const text = JSON.stringify({ fileName: 'a.csv', bytes: 1 });
    const answer = await platform.request(createUpload, { project: 'nobody-knows' }, { text });
    expect(answer).toMatchObject({ status: 404, problem: { code: 'ProjectNotFound' } });
  });
});
