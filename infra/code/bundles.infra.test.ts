import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleHandlers } from './bundle-cache.ts';
import type { HandlerFile } from './code-source.ts';
import { duckdbLayerFolder } from './duckdb-layer.ts';

const http: HandlerFile = { service: 'datasets', handler: 'http' };
const query: HandlerFile = { service: 'datasets', handler: 'query' };
const httpPath = 'services/datasets/handlers/http.ts';
const queryPath = 'services/datasets/handlers/query.ts';

let root: string;
let cache: string;

/** Writes a source file of the little repository in `root`. */
function write(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

const bundle = (...files: HandlerFile[]) => bundleHandlers(root, cache, files);
const builtAt = () => JSON.parse(readFileSync(join(cache, 'records.json'), 'utf8')) as Record<string, object>;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'millrace-bundles-'));
  cache = join(root, '.cache', 'bundles');
  write('package.json', JSON.stringify({ type: 'module', imports: { '#shared/*': './shared/*' } }));
  write('package-lock.json', '{}');
  write('tsconfig.json', '{}');
  write('shared/greeting.ts', "export const greeting: string = 'good morning';");
  write(
    httpPath,
    "import { greeting } from '#shared/greeting.ts'; export const handler = async () => greeting;",
  );
  write(queryPath, 'export const handler = async () => require("node:path").sep;');
});
afterEach(() => rmSync(root, { recursive: true }));

it('makes modules that run, with a source map beside them', async () => {
  const { folder } = (await bundle(http)).get(httpPath)!;
  expect(readdirSync(folder).sort()).toEqual(['index.mjs', 'index.mjs.map']);
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    handler: () => Promise<string>;
  };
  expect(await handler()).toBe('good morning');
});

it('lets bundled packages call require', async () => {
  const { folder } = (await bundle(query)).get(queryPath)!;
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    handler: () => Promise<string>;
  };
  expect(await handler()).toBe('/');
});

it('builds again only the functions that a change reaches', async () => {
  const before = await bundle(http, query);
  const records = builtAt();
  write('shared/greeting.ts', "export const greeting: string = 'good evening';");
  const after = await bundle(http, query);
  expect(after.get(httpPath)?.hash).not.toBe(before.get(httpPath)?.hash);
  expect(after.get(queryPath)).toEqual(before.get(queryPath));
  expect(builtAt()[queryPath]).toEqual(records[queryPath]);
});

it('builds all again when the installed packages change', async () => {
  await bundle(http);
  const [before] = Object.values(builtAt());
  write('package-lock.json', '{"lockfileVersion":3}');
  await bundle(http);
  expect(Object.values(builtAt())[0]).not.toEqual(before);
});

it('builds again what somebody deleted', async () => {
  const { folder } = (await bundle(http)).get(httpPath)!;
  rmSync(folder, { recursive: true });
  expect((await bundle(http)).get(httpPath)?.folder).toBe(folder);
  expect(readdirSync(folder)).toContain('index.mjs');
});

it('names file and line of an import that leads nowhere', async () => {
  write(httpPath, "import '#shared/absent.ts';");
  await expect(bundle(http)).rejects.toThrow(/services\/datasets\/handlers\/http\.ts:1/);
});

it('refuses a bundle that would start slowly, and names its biggest parts', async () => {
  write('shared/big.ts', `export const big = '${'x'.repeat(1_600_000)}';`);
  write(httpPath, "import { big } from '#shared/big.ts'; export const handler = async () => big;");
  await expect(bundle(http)).rejects.toThrow(
    /may have 1500000\. Import less; its biggest parts: shared\/big\.ts/,
  );
});

it('lays the native package of DuckDB where Lambda finds modules', () => {
  const installed = join(root, 'node_modules', '@duckdb');
  mkdirSync(join(installed, 'node-bindings-here'), { recursive: true });
  writeFileSync(join(installed, 'node-bindings-here', 'duckdb.node'), 'native');
  mkdirSync(join(installed, 'node-bindings'));
  cpSync('node_modules/@duckdb/node-bindings/package.json', join(installed, 'node-bindings', 'package.json'));
  const { folder } = duckdbLayerFolder(root, join(root, '.cache'), 'host');
  const library = join(folder, 'nodejs', 'node_modules', '@duckdb', 'node-bindings-here', 'duckdb.node');
  expect(readFileSync(library, 'utf8')).toBe('native');
});
