import { basename } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { HandlerFile, ProgramFile } from './code-source.ts';
import { webPages } from './web-page.ts';

/** What is bundled by itself. */
export type EntryFile = HandlerFile | ProgramFile;

/** Largest code of a function or program, minified, without source maps: what keeps cold starts short. */
const maxBundleBytes = 1_500_000;

/** Bundled CommonJS packages call `require`; so does DuckDB, whose native library lies in a layer that NODE_PATH names. */
const requireBanner =
  "import{createRequire as millraceCreateRequire}from'node:module';const require=millraceCreateRequire(import.meta.url);";

/**
 * How functions are bundled: the SDK inside, with credentials from the environment only, and nothing but DuckDB's native
 * packages outside. What several functions import is compiled once (`splitting`), which makes the build many times faster, and
 * what is imported on demand is not read at a cold start.
 */
export const buildOptions = {
  bundle: true,
  format: 'esm',
  splitting: true,
  platform: 'node',
  target: 'node24',
  mainFields: ['module', 'main'],
  minify: true,
  keepNames: true,
  sourcemap: 'linked',
  sourcesContent: false,
  outExtension: { '.js': '.mjs' },
  banner: { js: requireBanner },
  external: ['@duckdb/node-bindings-*'],
  alias: { '@aws-sdk/credential-provider-node': './infra/code/environment-credentials.ts' },
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** The code of one function or program, whole: `index.mjs`, the modules that it imports, and their source maps, by file name. */
export interface BuiltHandler {
  readonly entry: string;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

export interface Build {
  readonly handlers: readonly BuiltHandler[];
  /** Files of ours that were compiled, as paths below the repository. Installed packages are not among them. */
  readonly sources: readonly string[];
}

export const entryPath = (file: EntryFile): string =>
  'handler' in file
    ? `services/${file.service}/handlers/${file.handler}.ts`
    : `services/${file.service}/${file.program}/main.ts`;

const outputName = (file: EntryFile): string =>
  `${file.service}.${'handler' in file ? file.handler : file.program}`;

/** Bundles handlers or programs by one call of esbuild. Throws its errors, which name file and line, and an error for code that is too big. */
export async function buildHandlers(root: string, handlers: readonly EntryFile[]): Promise<Build> {
  const pages = webPages(root);
  const { metafile, outputFiles } = await build({
    ...buildOptions,
    plugins: [pages.plugin],
    absWorkingDir: root,
    entryPoints: handlers.map((file) => ({ in: entryPath(file), out: outputName(file) })),
    outdir: '.',
    write: false,
    metafile: true,
  });
  const contents = new Map(outputFiles.map(({ path, contents: bytes }) => [basename(path), bytes]));
  return {
    handlers: handlers.map((file) => collect(entryPath(file), metafile, contents)),
    sources: [...Object.keys(metafile.inputs), ...pages.sources()].filter(
      (path) => !path.includes('node_modules/'),
    ),
  };
}

/** Gathers what an entry's output reaches by imports, now or on demand; all outputs lie side by side. */
function collect(entry: string, metafile: Metafile, contents: ReadonlyMap<string, Uint8Array>): BuiltHandler {
  const main = Object.keys(metafile.outputs).find((path) => metafile.outputs[path]?.entryPoint === entry)!;
  const reached = new Set([main]);
  for (const path of reached) {
    for (const imported of metafile.outputs[path]?.imports ?? [])
      if (!imported.external) reached.add(imported.path);
  }
  assertSmall(entry, [...reached], metafile);
  const files = [...reached]
    .sort()
    .flatMap((path): [string, Uint8Array | undefined][] => [
      [path === main ? 'index.mjs' : path, contents.get(path)],
      [`${path}.map`, contents.get(`${path}.map`)],
    ])
    .filter((file): file is [string, Uint8Array] => file[1] !== undefined);
  return { entry, files: Object.fromEntries(files) };
}

function assertSmall(entry: string, outputs: readonly string[], metafile: Metafile): void {
  const parts = outputs.map((path) => metafile.outputs[path]!);
  const sizeBytes = parts.reduce((sum, { bytes }) => sum + bytes, 0);
  if (sizeBytes <= maxBundleBytes) return;
  const biggest = parts
    .flatMap(({ inputs }) => Object.entries(inputs))
    .sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput)
    .slice(0, 5)
    .map(([path, { bytesInOutput }]) => `${path} ${bytesInOutput}`);
  throw new Error(
    `The code of ${entry} has ${sizeBytes} bytes, a function or program may have ${maxBundleBytes}. Import less; its biggest parts: ${biggest.join(', ')}.`,
  );
}
