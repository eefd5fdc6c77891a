import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { type Assembly, readAssembly } from '../../scripts/local/cloudformation/index.ts';
import { synthesize } from '../../scripts/local/host/synthesize.ts';
import type { Bench } from './measurement.ts';
import { rootDir } from './repository-copy.ts';
import { withFolder } from './temporary-folder.ts';

const limitKb = 1500;

export const bundles: Bench = {
  name: 'bundles',
  title: 'Bundles',
  method:
    'Minified code per function, without source maps, all of which a function loads or may load on demand. DuckDB’s native library lies in a layer and is not counted.',
  run: () =>
    withFolder(async (folder) => {
      const { assemblyDir } = await synthesize(rootDir, folder, new AbortController().signal);
      const functions = functionsOf(readAssembly(assemblyDir)).sort((a, b) => b.sizeKb - a.sizeKb);
      const small = functions.filter(({ usesLayer }) => !usesLayer);
      const median = small[Math.floor(small.length / 2)]?.sizeKb ?? Number.NaN;
      return [
        ...small.slice(0, 3).map(({ name, sizeKb }) => ({
          title: `\`${name}\``,
          unit: 'kB' as const,
          values: [sizeKb],
          limit: limitKb,
        })),
        { title: `Median of ${small.length} functions without DuckDB`, unit: 'kB', values: [median] },
        ...functions
          .filter(({ usesLayer }) => usesLayer)
          .slice(0, 1)
          .map(({ name, sizeKb }) => ({
            title: `\`${name}\`, the biggest with DuckDB`,
            unit: 'kB' as const,
            values: [sizeKb],
          })),
      ];
    }),
};

interface FunctionCode {
  readonly name: string;
  readonly sizeKb: number;
  /** DuckDB is the only layer there is. */
  readonly usesLayer: boolean;
}

interface FunctionProperties {
  readonly FunctionName: string;
  readonly Code: { readonly S3Key: string };
  readonly Layers?: readonly unknown[];
}

function functionsOf({ stacks, assetPaths }: Assembly): FunctionCode[] {
  return stacks
    .flatMap(({ template }) => Object.values(template.Resources))
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => {
      const { FunctionName, Code, Layers } = Properties as unknown as FunctionProperties;
      return {
        name: FunctionName.replace(/^millrace-local-/, ''),
        sizeKb: sizeOfModules(assetPaths.get(Code.S3Key) ?? '') / 1000,
        usesLayer: Layers !== undefined,
      };
    });
}

const sizeOfModules = (folder: string): number =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.mjs'))
    .reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
