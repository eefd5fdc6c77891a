import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Emulator, Patch, Template } from './patches.ts';

interface Assets {
  readonly files: Record<string, { source: { path: string; packaging: string } }>;
}

const templateEnding = '.template.json';

/** Applies patches to a cloud assembly where it lies. Assets are named by their content, so a patched template gets another name. */
export function patchAssembly(dir: string, patches: readonly Patch[], emulator: Emulator): void {
  const manifestFile = path.join(dir, 'manifest.json');
  let manifest = readFileSync(manifestFile, 'utf8');
  for (const templateFile of readdirSync(dir).filter((name) => name.endsWith(templateEnding))) {
    const text = patchedTemplate(path.join(dir, templateFile), patches, emulator);
    writeFileSync(path.join(dir, templateFile), text);
    const assetsFile = path.join(dir, templateFile.replace(templateEnding, '.assets.json'));
    const assets = readFileSync(assetsFile, 'utf8');
    const { files } = JSON.parse(assets) as Assets;
    const [oldName = ''] = Object.entries(files).find(([, { source }]) => source.path === templateFile) ?? [];
    const newName = createHash('sha256').update(text).digest('hex');
    writeFileSync(assetsFile, assets.replaceAll(oldName, newName));
    manifest = manifest.replaceAll(oldName, newName);
  }
  writeFileSync(manifestFile, manifest);
  for (const folder of readdirSync(dir).filter((name) => name.startsWith('asset.')))
    for (const { asset } of patches) asset?.(path.join(dir, folder));
}

function patchedTemplate(file: string, patches: readonly Patch[], emulator: Emulator): string {
  const template = JSON.parse(readFileSync(file, 'utf8')) as Template;
  for (const patch of patches) patch.template?.(template, emulator);
  return JSON.stringify(template, undefined, 1);
}
