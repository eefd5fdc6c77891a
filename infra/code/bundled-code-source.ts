import { join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { processingFile } from '#shared/kernel/names.ts';
import { entryPath } from './build-handlers.ts';
import { type Bundle, bundleHandlers } from './bundle-cache.ts';
import {
  type CodeSource,
  type HandlerFile,
  processingPrograms,
  type RecordingCodeSource,
} from './code-source.ts';
import { duckdbLayerFolder, type LayerFolder } from './duckdb-layer.ts';
import { joinBundles } from './join-bundles.ts';

/** Code that can be run: bundles of exactly the handlers and programs that `recorded` was asked for. Everything is kept below .cache/. */
export async function bundledCodeSource(
  root: string,
  recorded: RecordingCodeSource,
  architecture: 'arm64' | 'host',
): Promise<CodeSource> {
  const bundles = await bundleHandlers(root, join(root, '.cache', 'bundles'), recorded.files);
  const programs = recorded.asksForPrograms ? await bundlePrograms(root) : undefined;
  const layer = recorded.asksForDuckdb
    ? duckdbLayerFolder(root, join(root, '.cache', 'layers'), architecture)
    : undefined;
  return {
    handler: (file: HandlerFile) => asset(bundles.get(entryPath(file))),
    programs: () => asset(programs),
    duckdbLayer: () => asset(layer),
  };
}

/** The programs of processing jobs in one folder: apart from functions, so that images hold the very files that a laptop runs. */
export async function bundlePrograms(root: string, programs = processingPrograms): Promise<Bundle> {
  const bundles = await bundleHandlers(root, join(root, '.cache', 'programs'), programs);
  const named = programs.map(
    (file) => [processingFile(file.service), bundles.get(entryPath(file))!] as const,
  );
  return joinBundles(join(root, '.cache', 'joined-programs'), new Map(named));
}

/** The hash is known, so CDK need not read the files again, and copies them to cdk.out only when it has not got them. */
function asset(folder: Bundle | LayerFolder | undefined): AssetCode {
  if (!folder) throw new Error('Code was asked for that the first pass over the stacks did not ask for.');
  return Code.fromAsset(folder.folder, { assetHash: folder.hash });
}
