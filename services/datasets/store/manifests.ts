import { getText, putObject } from '#shared/aws/objects.ts';
import { canonicalJson, sha256Hex } from '#shared/kernel/hash.ts';
import { readManifest } from '../contract.ts';
import type { Manifests } from '../ports.ts';

/** Manifests at their content address in the data bucket. */
export function createManifests(dataBucket: string): Manifests {
  return {
    read: async (manifest) => readManifest(await getText(manifest)),
    write(manifest) {
      const text = canonicalJson(manifest);
      const key = `datasets/${manifest.project}/manifests/${sha256Hex(text)}.json`;
      return putObject({ bucket: dataBucket, key }, text, 'application/json');
    },
  };
}
