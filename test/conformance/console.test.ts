import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start as startExample } from '../../scripts/cli/commands/example.ts';
import { Platform } from '../e2e/platform.ts';
import { chromiumProgram } from './parts/chromium.ts';
import { checkTitle, part, theValue } from './parts/part.ts';

const chromiumPath = await part(chromiumProgram);

/** The first model is trained meanwhile; functions start cold. */
const patienceMs = 120_000;

describe.skipIf(chromiumPath.missing)(checkTitle('the console in a browser', chromiumPath), () => {
  /** With the example project, whose first release comes to wait for approval. */
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  const complaints: string[] = [];
  /** Writes down what breaks in a page, and what it asks for elsewhere. */
  const complain = (of: Page, list: string[]) => {
    of.on('pageerror', (error) => list.push(error.message));
    of.on('console', (message) => {
      if (message.type() === 'error') list.push(message.text());
    });
    of.on('request', (request) => {
      if (!request.url().startsWith(platform.url)) list.push(`asked for ${request.url()}`);
    });
  };

  beforeAll(async () => {
    platform = await Platform.startLaptop();
    await startExample(platform.as());
    browser = await chromium.launch({ executablePath: theValue(chromiumPath), args: ['--no-sandbox'] });
    page = await browser.newPage();
    page.setDefaultTimeout(patienceMs);
    complain(page, complaints);
  });
  afterAll(async () => {
    await browser?.close();
    await platform?.close();
  });

  it('lists the projects', async () => {
    await page.goto(platform.url);
    await page.getByRole('link', { name: 'tumour' }).click();
    await page.getByRole('heading', { name: 'tumour', level: 1 }).waitFor();
  });

  it('shows the steps of the journey', async () => {
    const journeys = page.getByRole('region', { name: 'Journeys' });
    await journeys.getByText('Approval', { exact: true }).first().waitFor();
    const steps = await journeys.locator('.step .title').allTextContents();
    expect(steps).toEqual(
      expect.arrayContaining(['Upload', 'Validation', 'Training', 'Evaluation', 'Approval']),
    );
  });

  it('asks for a reason before it approves', async () => {
    const request = page.getByRole('article', { name: /tumour version \d+/ }).first();
    await request.getByRole('button', { name: 'Approve' }).click();
    expect(await request.locator('textarea:user-invalid').count()).toBe(1);
  });

  it('approves, and the release goes on', async () => {
    const request = page.getByRole('article', { name: /tumour version \d+/ }).first();
    const name = (await request.getAttribute('aria-label'))!;
    await request.getByLabel('Comment').fill('Approved in a browser.');
    await request.getByRole('button', { name: 'Approve' }).click();
    await page.getByRole('article', { name }).waitFor({ state: 'detached' });
    const journeys = page.getByRole('region', { name: 'Journeys' });
    await journeys.getByText('Approved in a browser.').first().waitFor();
    const serving = page.getByRole('region', { name: 'Serving now' });
    await serving.getByText(name.match(/version \d+/)![0]).waitFor();
  });

  it('predicts a row', async () => {
    await page.getByRole('link', { name: 'Predict' }).click();
    await page.getByLabel('mean radius').fill('20.5');
    await page.getByRole('button', { name: 'Predict malignant' }).click();
    await page.getByText(/artifact [0-9a-f]{12}, inference/).waitFor();
  });

  it('explains what it cannot do', async () => {
    await page.getByLabel('mean radius').fill('wide');
    await page.getByRole('button', { name: 'Predict malignant' }).click();
    await page.getByRole('alert').getByText("mean_radius is 'wide'; a number is expected.").waitFor();
  });

  it('draws the lineage of a version', async () => {
    await page.getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: 'Lineage' }).first().click();
    await page.getByRole('img', { name: /What went into what/ }).waitFor();
    await page.getByRole('cell', { name: 'training set', exact: true }).waitFor();
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const [content, window] = (await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')) as [
      number,
      number,
    ];
    expect(content).toBeLessThanOrEqual(window);
  });

  it('asked for nothing from elsewhere and broke nothing on the way', () => {
    expect(complaints).toEqual([]);
  });

  it('is found out where it does', async () => {
    const broken = await browser.newPage();
    const found: string[] = [];
    complain(broken, found);
    await broken.route(`${platform.url}/`, async (route) => {
      const response = await route.fetch();
      const planted =
        '<script src="/console/gone.js"></script><script src="https://elsewhere.test/x.js"></script>';
      await route.fulfill({
        response,
        body: (await response.text()).replace('</body>', `${planted}</body>`),
      });
    });
    await broken.goto(platform.url);
    await broken.close();
    expect(found.join('\n')).toMatch(/404/);
    expect(found.join('\n')).toMatch(/elsewhere\.test/);
  });
});
