import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { type BuildOptions, type BuildResult, build, type Plugin } from 'esbuild';

/** How a document names a file beside it: `src="/console/main.tsx"`; the browser will ask for it below that folder. */
const reference = /(?<attribute>src|href)="(?<folder>\/[\w-]+\/)(?<file>[\w-]+\.(?:tsx?|css|svg))"/g;

const contentTypes: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** How the files of a page are built: for browsers of the last three years, everything inside. */
export const pageOptions: BuildOptions & { write: false; metafile: true } = {
  bundle: true,
  format: 'esm',
  target: ['chrome115', 'firefox115', 'safari16.4'],
  minify: true,
  jsx: 'automatic',
  jsxImportSource: 'preact',
  loader: { '.svg': 'copy' },
  entryNames: '[name]-[hash]',
  legalComments: 'none',
  logLevel: 'silent',
  write: false,
  metafile: true,
};

export interface WebPages {
  readonly plugin: Plugin;
  /** Files that pages were built from, as paths below the repository. */
  sources(): readonly string[];
}

/**
 * Lets a handler import an HTML document: what the document names with `src` or `href` is built for the browser, and the
 * import is `{ html, sha256, assets }`, with the files under names that change with their content.
 */
export function webPages(root: string): WebPages {
  const sources = new Set<string>();
  const plugin: Plugin = {
    name: 'web-pages',
    setup({ onLoad }) {
      onLoad({ filter: /\.html$/ }, async ({ path }) => {
        const document = await readFile(path, 'utf8');
        const files = [...document.matchAll(reference)].map((match) => match.groups!['file']!);
        const built = await build({
          ...pageOptions,
          absWorkingDir: root,
          entryPoints: files.map((file) => join(dirname(path), file)),
          outdir: dirname(path),
        });
        for (const input of Object.keys(built.metafile.inputs)) sources.add(input);
        return { contents: JSON.stringify(pageOf(document, built, root)), loader: 'json' };
      });
    },
  };
  return { plugin, sources: () => [...sources] };
}

function pageOf(document: string, built: BuildResult<{ write: false; metafile: true }>, root: string) {
  const contents = new Map(built.outputFiles.map((file) => [file.path, file.text]));
  const builtNames = new Map<string, string>();
  const assets: Record<string, { contentType: string; body: string }> = {};
  for (const [path, { entryPoint }] of Object.entries(built.metafile.outputs)) {
    const name = basename(path);
    assets[name] = { contentType: contentTypes[extname(name)]!, body: contents.get(join(root, path))! };
    if (entryPoint) builtNames.set(basename(entryPoint), name);
  }
  const html = document.replaceAll(
    reference,
    (_all, attribute: string, folder: string, file: string) =>
      `${attribute}="${folder}${builtNames.get(file)}"`,
  );
  return { html, sha256: createHash('sha256').update(html).digest('hex'), assets };
}
