import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { start as startExample } from '../../scripts/cli/commands/example.ts';
import { Platform } from '../e2e/platform.ts';
import { chromiumProgram } from './parts/chromium.ts';
import { type LoggedRuns, logRuns } from './parts/logged-runs.ts';
import { checkTitle, part, theValue } from './parts/part.ts';

const chromiumPath = await part(chromiumProgram);

/** The first model is trained meanwhile; functions start cold. */
const patienceMs = 120_000;
/** More than a screen holds, and more than one page of the server. */
const shortRuns = 160;

describe.skipIf(chromiumPath.missing)(checkTitle('the console in a browser', chromiumPath), () => {
  /** With the example project, whose first release comes to wait for approval. */
  let platform: Platform;
  let browser: Browser;
  let page: Page;
  let logged: LoggedRuns;
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
    logged = await logRuns(platform.url, 'tumour/browser', shortRuns);
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
    await page.getByRole('navigation', { name: 'Parts of' }).getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: 'Lineage' }).first().click();
    const picture = page.getByRole('group', { name: /What went into what/ });
    await picture.getByRole('button', { name: /asked for/, pressed: true }).waitFor();
    await page.getByRole('cell', { name: 'training set', exact: true }).waitFor();
  });

  it('leads through the lineage by keys, and to the pages of what is selected', async () => {
    const picture = page.getByRole('group', { name: /What went into what/ });
    await picture.getByRole('button', { pressed: true }).press('ArrowLeft');
    await picture.getByRole('button', { name: /^training:/, pressed: true }).press('ArrowLeft');
    await picture.getByRole('button', { name: /^training set:/, pressed: true }).press('ArrowLeft');
    await page
      .getByRole('article', { name: /^validation/ })
      .getByText('verdict')
      .waitFor();
    await page.getByRole('link', { name: 'Its own lineage' }).click();
    await page.getByRole('heading', { name: /Lineage of validation \d+/, level: 1 }).waitFor();
    await page.goBack();
  });

  it('finds an experiment by a part of its name', async () => {
    await page.getByRole('link', { name: 'Experiments' }).click();
    await page.getByLabel('Name').fill('BROWS');
    await page.getByRole('button', { name: 'Find' }).click();
    await page.getByText('1 experiment', { exact: true }).waitFor();
    await page.getByRole('link', { name: logged.experimentName }).click();
    await page.getByRole('heading', { name: logged.experimentName, level: 1 }).waitFor();
  });

  it('draws only the runs that are seen, and reads on as one scrolls', async () => {
    const runs = page.getByRole('region', { name: 'Runs' });
    await runs.getByRole('link', { name: 'slow' }).waitFor();
    await runs.press('End');
    // Children stand below their parents, so the one child is not among them.
    await page.getByText(`${shortRuns + 2} runs, all of them`).waitFor();
    expect(await runs.locator('tbody tr').count()).toBeLessThan(100);
    await runs.press('Home');
  });

  it('shows the children of a run below it', async () => {
    const runs = page.getByRole('region', { name: 'Runs' });
    await runs.getByRole('button', { name: 'Children of slow' }).click();
    await runs.getByRole('link', { name: 'part' }).waitFor();
  });

  it('filters and sorts on the server, and the address says how', async () => {
    await page.getByLabel('Filter').fill("metrics.score >= 10 and params.depth = '3'");
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByText(`${shortRuns / 8 - 1} runs, all of them`).waitFor();
    await page.getByRole('button', { name: 'score' }).click();
    await page
      .getByRole('columnheader', { name: 'score' })
      .and(page.locator('[aria-sort=ascending]'))
      .waitFor();
    await page
      .getByRole('row', { name: /short-0011/ })
      .and(page.locator('[aria-rowindex="2"]'))
      .waitFor();
    expect(page.url()).toContain('order=metrics.score');
  });

  it('says beside a filter what is wrong with it', async () => {
    const other = await browser.newPage();
    await other.goto(`${platform.url}/#/experiments/${logged.experimentId}?filter=metrics.score+!+1`);
    await other
      .getByRole('search')
      .getByRole('alert')
      .getByText(/comparator|clause/i)
      .waitFor();
    expect(await other.getByLabel('Filter').getAttribute('aria-invalid')).toBe('true');
    await other.close();
  });

  it('compares the runs that are chosen, and curves are read with the keys', async () => {
    await page.getByLabel('Filter').fill("params.pace LIKE '%'");
    await page.getByRole('button', { name: 'Filter' }).click();
    await page.getByLabel('Select slow').check();
    await page.getByLabel('Select quick').check();
    await page.getByRole('link', { name: 'Compare' }).click();
    const reader = page.getByRole('slider', { name: 'Read val/loss' });
    await expect.poll(() => reader.getAttribute('aria-valuetext')).toMatch(/^step 49: /);
    await reader.focus();
    await reader.press('Home');
    await reader.press('ArrowRight');
    await expect.poll(() => reader.getAttribute('aria-valuetext')).toBe('step 1: slow 0.5, quick 0.33333');
    const differences = page.getByRole('region', { name: 'Params and metrics', exact: true });
    await differences.getByRole('row', { name: 'pace slow quick' }).waitFor();
  });

  it('shows an artifact and does not run it', async () => {
    const [runId] = logged.curveRunIds;
    await page.goto(`${platform.url}/#/runs/${runId}/artifacts?path=notes/page.html`);
    await page.getByRole('region', { name: 'Preview of notes/page.html' }).getByText('it ran').waitFor();
    expect(await page.title()).toBe('Millrace');
  });

  it('says what is registered and who was champion when', async () => {
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Models' }).click();
    await page.getByRole('link', { name: 'tumour', exact: true }).click();
    const history = page.getByRole('region', { name: 'Alias history' });
    await history.getByRole('row', { name: /^1 .* now / }).waitFor();
    const versions = page.getByRole('region', { name: 'Versions', exact: true });
    await versions.getByRole('link', { name: 'lineage' }).first().waitFor();
  });

  it('fits a narrow screen', async () => {
    await page.setViewportSize({ width: 360, height: 740 });
    const [runId] = logged.curveRunIds;
    const addresses = [
      '#/projects/tumour/models',
      '#/experiments',
      `#/experiments/${logged.experimentId}`,
      `#/runs/${runId}`,
      `#/runs/${runId}/metrics`,
      `#/compare?runs=${logged.curveRunIds.join()}`,
      '#/models/tumour',
    ];
    for (const address of addresses) {
      await page.goto(`${platform.url}/${address}`);
      await page.getByRole('table').first().or(page.getByRole('slider').first()).first().waitFor();
      const [content, window] = (await page.evaluate(
        '[document.documentElement.scrollWidth, innerWidth]',
      )) as [number, number];
      expect(content, address).toBeLessThanOrEqual(window);
    }
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
