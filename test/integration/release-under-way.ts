import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { readAssetPaths } from '../../scripts/local/cloudformation/assembly.ts';
import type { Assemble } from './assemblies.ts';

interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Which function a release changes, and the code it brings. */
export interface Release {
  readonly stack: string;
  /** What the logical ids of the function's resources begin with. */
  readonly handler: string;
  readonly code: string;
}

/**
 * An assembly as CloudFormation has applied it while CodeDeploy has the alias: the function holds the release's code, a version of
 * it is published, and the alias still points to the version before.
 */
export const releaseUnderWay =
  (assemble: Assemble, { stack, handler, code }: Release): Assemble =>
  async (dir) => {
    const assemblyDir = path.join(dir, 'release');
    const current = await assemble(dir);
    cpSync(current, assemblyDir, { recursive: true });
    const file = path.join(assemblyDir, `${stack}.template.json`);
    const template = JSON.parse(readFileSync(file, 'utf8')) as { Resources: Record<string, Resource> };
    const [functionId, fn] = only(template.Resources, 'AWS::Lambda::Function', handler);
    const assetKey = 'release.zip';
    fn.Properties['Code'] = { ...(fn.Properties['Code'] as object), S3Key: assetKey };
    const [versionId] = only(template.Resources, 'AWS::Lambda::Version', handler);
    template.Resources[`${versionId}OfRelease`] = {
      Type: 'AWS::Lambda::Version',
      Properties: { FunctionName: { Ref: functionId } },
    };
    writeFileSync(file, JSON.stringify(template));
    keepAssets(current, assemblyDir, { [assetKey]: writeCode(path.join(dir, 'release-code'), code) });
    return assemblyDir;
  };

function only(resources: Record<string, Resource>, type: string, handler: string): [string, Resource] {
  const found = Object.entries(resources).filter(([id, { Type }]) => Type === type && id.startsWith(handler));
  if (found.length !== 1) throw new Error(`There are ${found.length} ${type} of ${handler}, not one.`);
  return found[0]!;
}

function writeCode(folder: string, code: string): string {
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'index.mjs'), code);
  return folder;
}

/** Names code by absolute paths, so that a copy of an assembly finds what lies beside the original. */
function keepAssets(from: string, to: string, added: Readonly<Record<string, string>>): void {
  const paths = { ...Object.fromEntries(readAssetPaths(from)), ...added };
  const files = Object.fromEntries(
    Object.entries(paths).map(([objectKey, source]) => [
      objectKey,
      { source: { path: source }, destinations: { current: { objectKey } } },
    ]),
  );
  writeFileSync(path.join(to, 'release.assets.json'), JSON.stringify({ files }));
}
