import { join } from 'node:path';
import { type BuildOptions, build, type Metafile } from 'esbuild';
import type { HandlerFile } from './code-source.ts';

/** Largest bundle of a function, minified, without its source map: what keeps cold starts short. */
const maxBundleBytes = 1_500_000;

/** Bundled CommonJS packages call `require`; so does DuckDB, whose native library lies in a layer that NODE_PATH names. */
const requireBanner =
  "import{createRequire as millraceCreateRequire}from'node:module';const require=millraceCreateRequire(import.meta.url);";

/** How all functions are bundled: the whole SDK inside, nothing but DuckDB's native packages outside. */
export const buildOptions = {
  bundle: true,
  format: 'esm',
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
  logLevel: 'silent',
} as const satisfies BuildOptions;

/** A function's code, and which files of ours it was made from. */
export interface BuiltHandler {
  readonly entry: string;
  /** `index.mjs` and `index.mjs.map`. */
  readonly files: Readonly<Record<string, Uint8Array>>;
  /** Paths below the repository, without installed packages. */
  readonly sources: readonly string[];
}

export const entryPath = ({ service, handler }: HandlerFile): string =>
  `services/${service}/handlers/${handler}.ts`;

/** Bundles handlers by one call of esbuild. Throws its errors, which name file and line, and an error for a bundle that is too big. */
export async function buildHandlers(root: string, handlers: readonly HandlerFile[]): Promise<BuiltHandler[]> {
  const outdir = join(root, 'bundles');
  const { metafile, outputFiles } = await build({
    ...buildOptions,
    absWorkingDir: root,
    entryPoints: handlers.map((file) => ({
      in: entryPath(file),
      out: `${file.service}/${file.handler}/index`,
    })),
    outdir,
    write: false,
    metafile: true,
  });
  const contents = new Map(outputFiles.map(({ path, contents: bytes }) => [path, bytes]));
  return handlers.map((file) => {
    const entry = entryPath(file);
    const code = (name: string) => contents.get(join(outdir, file.service, file.handler, name))!;
    const files = { 'index.mjs': code('index.mjs'), 'index.mjs.map': code('index.mjs.map') };
    assertSmall(entry, files['index.mjs'].byteLength, metafile);
    return { entry, files, sources: ownSources(metafile, entry) };
  });
}

/** All files of ours that an entry reaches by imports, itself included. */
function ownSources(metafile: Metafile, entry: string): string[] {
  const reached = new Set([entry]);
  for (const path of reached) {
    for (const imported of metafile.inputs[path]?.imports ?? []) {
      if (!imported.external) reached.add(imported.path);
    }
  }
  return [...reached].filter((path) => !path.includes('node_modules/')).sort();
}

function assertSmall(entry: string, sizeBytes: number, metafile: Metafile): void {
  if (sizeBytes <= maxBundleBytes) return;
  const output = Object.values(metafile.outputs).find(({ entryPoint }) => entryPoint === entry);
  const biggest = Object.entries(output?.inputs ?? {})
    .sort(([, one], [, other]) => other.bytesInOutput - one.bytesInOutput)
    .slice(0, 5)
    .map(([path, { bytesInOutput }]) => `${path} ${bytesInOutput}`);
  throw new Error(
    `The bundle of ${entry} has ${sizeBytes} bytes, a function may have ${maxBundleBytes}. Import less; its biggest parts: ${biggest.join(', ')}.`,
  );
}
