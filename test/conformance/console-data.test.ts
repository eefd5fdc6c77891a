import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { applyProject } from '#services/projects/contract.ts';
import { Platform } from '../e2e/platform.ts';
import { chromiumProgram } from './parts/chromium.ts';
import { checkTitle, part, theValue } from './parts/part.ts';

const chromiumPath = await part(chromiumProgram);

/** Functions start cold. */
const patienceMs = 120_000;
const project = 'rooms';

/** A file as a spreadsheet of a German hotel writes it. */
function bookings(
  from: number,
  count: number,
  change: (row: string[], index: number) => string[] = (row) => row,
): Buffer {
  const rows = Array.from({ length: count }, (_none, index) =>
    change(
      [
        `B${String(from + index).padStart(5, '0')}`,
        `${String((index % 28) + 1).padStart(2, '0')}.06.2026`,
        String(80 + (index % 60)),
        ['Köln', 'München'][index % 2]!,
        String(index % 3 === 0 ? 1 : 0),
      ],
      index,
    ).join(';'),
  );
  return Buffer.from(['booking;arrival;price;city;cancelled', ...rows, ''].join('\r\n'), 'latin1');
}

describe.skipIf(chromiumPath.missing)(checkTitle('the data of a project in a browser', chromiumPath), () => {
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];

  const upload = async (name: string, content: Buffer) => {
    const s3 = new S3Client({ ...platform.aws, forcePathStyle: true });
    const Key = `incoming/${project}/${name}`;
    await s3.send(new PutObjectCommand({ Bucket: platform.uploadsBucket, Key, Body: content }));
  };

  beforeAll(async () => {
    platform = await Platform.startLaptop();
    const body = JSON.stringify({
      name: project,
      owners: ['ada'],
      data: { primaryKey: 'booking', datasheet: { owner: 'ada', sensitivity: 'personal' } },
      target: { column: 'cancelled', task: 'binary_classification' },
      training: { onNewData: 'never' },
    });
    await platform.as().call(applyProject, { params: { project }, body });
    browser = await chromium.launch({ executablePath: theValue(chromiumPath), args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.setDefaultTimeout(patienceMs);
    page.on('pageerror', (error) => complaints.push(error.message));
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('says that there is neither data nor a contract', async () => {
    await page.goto(`${platform.url}/#/projects/${project}/data`);
    await page.getByText('No data yet.').waitFor();
    await page.getByRole('region', { name: 'Contract' }).getByText('There is none yet.').waitFor();
  });

  it('asks a person about the contract that the first upload suggests, with what was seen', async () => {
    await upload('first.csv', bookings(0, 300));
    await page.getByRole('link', { name: 'Look at the evidence and decide' }).click();
    const columns = page.getByRole('region', { name: 'Suggested columns and what was seen' });
    await columns.getByRole('row', { name: /arrival timestamp .*%d\.%m\.%Y/ }).waitFor();
    await columns.getByRole('row', { name: /city string .*one of Köln, München/ }).waitFor();
  });

  it('takes the contract as it was edited', async () => {
    await page.getByText('Edit the contract').click();
    const field = page.getByLabel('Contract as JSON');
    const contract = JSON.parse(await field.inputValue());
    contract.columns.price = { type: 'number', min: 1, max: 500 };
    await field.fill(JSON.stringify(contract));
    await page.getByLabel('Comment').fill('Checked with the hotel.');
    await page.getByRole('button', { name: 'Approve as edited' }).click();
    const shown = page.getByRole('region', { name: 'Columns of the contract' });
    await shown.getByRole('row', { name: /price number never missing; 1 to 500/ }).waitFor();
  });

  it('shows the verdict, the rows in quarantine and the changes of a version', async () => {
    await upload(
      'second.csv',
      bookings(300, 100, (row, index) => (index === 7 ? [row[0]!, row[1]!, '-5', 'Atlantis', row[4]!] : row)),
    );
    const versions = page.getByRole('region', { name: 'Dataset versions, newest first' });
    await versions.getByRole('link', { name: '2', exact: true }).click();
    const validation = page.getByRole('region', { name: 'Validation' });
    await validation.getByText('399 valid, 1 in quarantine').waitFor();
    await validation.getByRole('row', { name: /range: price failed 1 .* from 1 to 500/ }).waitFor();
    const quarantine = page.getByRole('region', { name: 'Rows in quarantine, as they were uploaded' });
    await quarantine.getByRole('row', { name: /^8 .*B00307 .*-5 Atlantis/ }).waitFor();
    const changes = page.getByRole('region', { name: 'Changes since version 1' });
    await changes.getByText('100 rows added, 0 removed, 0 changed, 300 the same.').waitFor();
    await page.getByRole('img', { name: 'How often values of price come' }).waitFor();
  });

  it('releases rows for an approver, who says why', async () => {
    await page.getByText('Release rows from quarantine').click();
    await page.getByLabel('Reason').fill('A new house with a credit note.');
    await page.getByRole('button', { name: 'Release' }).click();
    await page.getByText('The version is validated anew with these rows.').waitFor();
    const validation = page.getByRole('region', { name: 'Validation' });
    await validation.getByText(/1 row released from quarantine by local.*A new house/).waitFor();
    await validation.getByText('400 valid, 0 in quarantine').waitFor();
  });

  it('says why an upload became nothing', async () => {
    await upload('third.csv', Buffer.from('booking;arrival\r\nB1;"01.06.2026\r\n'));
    await page.goto(`${platform.url}/#/projects/${project}/data`);
    const uploads = page.getByRole('region', { name: 'Uploads, newest first' });
    await uploads.getByRole('row', { name: /third\.csv rejected/ }).waitFor();
  });

  it('breaks nothing on the way', () => {
    expect(complaints).toEqual([]);
  });
});
