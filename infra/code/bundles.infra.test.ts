import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { bundleHandlers } from './bundle-cache.ts';
import { bundlePrograms } from './bundled-code-source.ts';
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

const call = async (folder: string) => {
  const { handler } = (await import(pathToFileURL(join(folder, 'index.mjs')).href)) as {
    handler: () => Promise<string>;
  };
  return handler();
};
const bundle = (...files: HandlerFile[]) => bundleHandlers(root, cache, files);

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
  expect(readdirSync(folder).sort()).toEqual(['datasets.http.mjs.map', 'index.mjs']);
  expect(await call(folder)).toBe('good morning');
});

it('makes a program of the main module of a folder, the same whatever else is bundled', async () => {
  const program = { service: 'datasets', program: 'processing' } as const;
  write(
    'services/datasets/processing/main.ts',
    "import { greeting } from '#shared/greeting.ts'; export const handler = async () => greeting + ', program';",
  );
  const { folder, hash } = (await bundleHandlers(root, cache, [program])).get(
    'services/datasets/processing/main.ts',
  )!;
  expect(readdirSync(folder).sort()).toEqual(['datasets.processing.mjs.map', 'index.mjs']);
  expect(await call(folder)).toBe('good morning, program');
  await bundle(http);
  expect(
    (await bundleHandlers(root, cache, [program])).get('services/datasets/processing/main.ts')?.hash,
  ).toBe(hash);
});

it('joins the programs of services in one folder, each by its name, with what they share once', async () => {
  const programs = (['datasets', 'validation'] as const).map(
    (service) => ({ service, program: 'processing' }) as const,
  );
  for (const { service } of programs)
    write(
      `services/${service}/processing/main.ts`,
      `import { greeting } from '#shared/greeting.ts'; export const handler = async () => greeting + ', ${service}';`,
    );
  const joined = await bundlePrograms(root, programs);
  expect(await bundlePrograms(root, programs)).toEqual(joined);
  const files = readdirSync(joined.folder).filter((name) => name.endsWith('.mjs'));
  expect(files.filter((name) => name.startsWith('chunk-'))).toHaveLength(1);
  for (const { service } of programs) {
    const module = (await import(pathToFileURL(join(joined.folder, `${service}.mjs`)).href)) as {
      handler: () => Promise<string>;
    };
    expect(await module.handler()).toBe(`good morning, ${service}`);
  }
});

it('lets bundled packages call require', async () => {
  const { folder } = (await bundle(query)).get(queryPath)!;
  expect(await call(folder)).toBe('/');
});

it('compiles what two functions share once, and gives each a whole folder', async () => {
  write(
    queryPath,
    "import { greeting } from '#shared/greeting.ts'; export const handler = async () => greeting.toUpperCase();",
  );
  const { folder } = (await bundle(http, query)).get(queryPath)!;
  expect(readdirSync(folder).filter((name) => /^chunk-.*mjs$/.test(name))).toHaveLength(1);
  expect(await call(folder)).toBe('GOOD MORNING');
});

it('builds again when a source changes, and gives the same bundles for the same sources', async () => {
  const before = await bundle(http, query);
  write('shared/greeting.ts', "export const greeting: string = 'good evening';");
  const after = await bundle(http, query);
  expect(after.get(httpPath)?.hash).not.toBe(before.get(httpPath)?.hash);
  expect(after.get(queryPath)).toEqual(before.get(queryPath));
  write('shared/greeting.ts', "export const greeting: string = 'good morning';");
  expect(await bundle(http, query)).toEqual(before);
});

it('does not build when nothing changed', async () => {
  const before = await bundle(http, query);
  const written = readFileSync(join(cache, 'newest.json'), 'utf8').replace(
    /"sources":/,
    '"kept":1,"sources":',
  );
  writeFileSync(join(cache, 'newest.json'), written);
  expect(await bundle(http, query)).toEqual(before);
  expect(readFileSync(join(cache, 'newest.json'), 'utf8')).toBe(written);
});

it('builds again when the installed packages change', async () => {
  await bundle(http);
  const before = readFileSync(join(cache, 'newest.json'), 'utf8');
  write('package-lock.json', '{"lockfileVersion":3}');
  await bundle(http);
  expect(readFileSync(join(cache, 'newest.json'), 'utf8')).not.toBe(before);
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

it('gives the same bundles in another folder, so that the same code publishes no new version', async () => {
  const here = (await bundle(http)).get(httpPath)!;
  const elsewhere = mkdtempSync(join(tmpdir(), 'millrace-elsewhere-'));
  try {
    cpSync(root, elsewhere, { recursive: true, filter: (path) => !path.includes('.cache') });
    const there = (await bundleHandlers(elsewhere, join(elsewhere, '.cache'), [http])).get(httpPath)!;
    expect(there.hash).toBe(here.hash);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
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
