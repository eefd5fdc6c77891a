import { join } from 'node:path';
import { type AssetCode, Code } from 'aws-cdk-lib/aws-lambda';
import { entryPath } from './build-handlers.ts';
import { type Bundle, bundleHandlers } from './bundle-cache.ts';
import type { CodeSource, HandlerFile, ProgramFile, RecordingCodeSource } from './code-source.ts';
import { duckdbLayerFolder, type LayerFolder } from './duckdb-layer.ts';

/** Code that can be run: bundles of exactly the handlers and programs that `recorded` was asked for. Everything is kept below .cache/. */
export async function bundledCodeSource(
  root: string,
  recorded: RecordingCodeSource,
  architecture: 'arm64' | 'host',
): Promise<CodeSource> {
  const bundles = await bundleHandlers(root, join(root, '.cache', 'bundles'), recorded.files);
  const programs =
    recorded.programs.length > 0 ? await bundlePrograms(root, recorded.programs) : new Map<string, Bundle>();
  const layer = recorded.asksForDuckdb
    ? duckdbLayerFolder(root, join(root, '.cache', 'layers'), architecture)
    : undefined;
  return {
    handler: (file: HandlerFile) => asset(bundles.get(entryPath(file))),
    program: (file: ProgramFile) => asset(programs.get(entryPath(file))),
    duckdbLayer: () => asset(layer),
  };
}

/** Bundles of programs by entry path: apart from functions, so that images hold the very files that a laptop runs. */
export async function bundlePrograms(
  root: string,
  programs: readonly ProgramFile[],
): Promise<ReadonlyMap<string, Bundle>> {
  return await bundleHandlers(root, join(root, '.cache', 'programs'), programs);
}

/** The hash is known, so CDK need not read the files again, and copies them to cdk.out only when it has not got them. */
function asset(folder: Bundle | LayerFolder | undefined): AssetCode {
  if (!folder) throw new Error('Code was asked for that the first pass over the stacks did not ask for.');
  return Code.fromAsset(folder.folder, { assetHash: folder.hash });
}
