import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { buildHandlers } from './build-handlers.ts';

interface Page {
  readonly html: string;
  readonly sha256: string;
  readonly assets: Readonly<Record<string, { contentType: string; body: string }>>;
}

let root: string;

function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const build = () => buildHandlers(root, [{ service: 'console', handler: 'http' }]);

/** The page as the built handler has it. */
async function builtPage(): Promise<Page> {
  const { handlers } = await build();
  const folder = mkdtempSync(join(root, 'built-'));
  for (const [name, content] of Object.entries(handlers[0]!.files))
    writeFileSync(join(folder, name), content);
  return ((await import(join(folder, 'index.mjs'))) as { handler: () => Page }).handler();
}

const script = (page: Page) => Object.entries(page.assets).find(([name]) => name.endsWith('.js'))!;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-page-'));
  symlinkSync(join(process.cwd(), 'node_modules'), join(root, 'node_modules'));
  write('package.json', JSON.stringify({ type: 'module' }));
  write(
    'services/console/handlers/http.ts',
    "import page from '../web/index.html'; export const handler = () => page;",
  );
  write(
    'services/console/web/index.html',
    '<link rel="stylesheet" href="/console/page.css"><script type="module" src="/console/main.tsx"></script><a href="/v1/x">x</a>',
  );
  write('services/console/web/page.css', '@import "./colours.css"; a { margin: 0 }');
  write('services/console/web/colours.css', 'a { color: teal }');
  write(
    'services/console/web/main.tsx',
    "import { render } from 'preact'; import { greeting } from './greeting.ts'; render(<b>{greeting}</b>, document.body);",
  );
  write('services/console/web/greeting.ts', "export const greeting: string = 'good morning';");
});
afterEach(() => rmSync(root, { recursive: true }));

it('puts a page and what it names, built for the browser, into the function', async () => {
  const page = await builtPage();
  const [name, { contentType, body }] = script(page);
  expect(page.html).toContain(`src="/console/${name}"`);
  expect(contentType).toBe('text/javascript; charset=utf-8');
  expect(body).toContain('good morning');
  expect(body).not.toMatch(/import\s*[{"']/);
  const styles = Object.entries(page.assets).find(([asset]) => asset.endsWith('.css'))!;
  expect(page.html).toContain(`href="/console/${styles[0]}"`);
  expect(styles[1].body).toMatch(/teal.*margin/);
  expect(page.html).toContain('<a href="/v1/x">');
});

it('gives a file another name when its content changes, and the page another hash', async () => {
  const before = await builtPage();
  write('services/console/web/greeting.ts', "export const greeting: string = 'good evening';");
  const after = await builtPage();
  expect(script(after)[0]).not.toBe(script(before)[0]);
  expect(after.sha256).not.toBe(before.sha256);
});

it('counts what pages are made of among the sources, so that bundles are made again when it changes', async () => {
  const { sources } = await build();
  expect(sources).toEqual(
    expect.arrayContaining([
      'services/console/web/index.html',
      'services/console/web/main.tsx',
      'services/console/web/greeting.ts',
      'services/console/web/colours.css',
    ]),
  );
  expect(sources.filter((path) => path.includes('node_modules'))).toEqual([]);
});

it('names file and line of a mistake in a page', async () => {
  write('services/console/web/main.tsx', "import './absent.ts';");
  await expect(build()).rejects.toThrow(/services\/console\/web\/main\.tsx:1/);
});
