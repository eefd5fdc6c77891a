import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** A stack of a handmade cloud assembly. */
export interface TestStack {
  readonly dependsOn?: readonly string[];
  readonly template: object;
  /** Folders of file assets by object key, relative to the assembly. */
  readonly assets?: Readonly<Record<string, string>>;
}

/** Writes a cloud assembly as `cdk synth` would, for tests that need a small one. */
export function writeAssembly(dir: string, stacks: Readonly<Record<string, TestStack>>): void {
  mkdirSync(dir, { recursive: true });
  const artifacts: Record<string, object> = {};
  for (const [name, { dependsOn = [], template, assets = {} }] of Object.entries(stacks)) {
    const templateFile = `${name}.template.json`;
    artifacts[name] = {
      type: 'aws:cloudformation:stack',
      dependencies: dependsOn,
      properties: { templateFile },
    };
    writeFileSync(path.join(dir, templateFile), JSON.stringify(template));
    const files = Object.fromEntries(
      Object.entries(assets).map(([objectKey, folder]) => [
        objectKey,
        {
          source: { path: folder, packaging: 'zip' },
          destinations: { here: { bucketName: 'assets', objectKey } },
        },
      ]),
    );
    writeFileSync(path.join(dir, `${name}.assets.json`), JSON.stringify({ files }));
  }
  writeFileSync(path.join(dir, 'manifest.json'), JSON.stringify({ artifacts }));
}
