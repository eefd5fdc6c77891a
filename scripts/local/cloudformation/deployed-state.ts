import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';

const deployedResource = z.object({
  stackName: z.string(),
  logicalId: z.string(),
  type: z.string(),
  properties: z.record(z.string(), z.unknown()),
  ref: z.string(),
  attributes: z.record(z.string(), z.string()),
  /** Whether the resource outlives its disappearance from the template. */
  retain: z.boolean(),
});
const deployedFile = z.object({ resources: z.array(deployedResource) });

/** A resource as it stood at the end of a start. */
export type DeployedResource = z.infer<typeof deployedResource>;

/** What the last start left, in the order in which it was made; empty on a fresh data folder. Throws when the file is damaged. */
export function readDeployed(folder: string): readonly DeployedResource[] {
  const file = path.join(folder, 'deployed.json');
  if (!existsSync(file)) return [];
  try {
    return deployedFile.parse(JSON.parse(readFileSync(file, 'utf8'))).resources;
  } catch (error) {
    throw new Error(`${file} is damaged. Start with --fresh to drop the data folder.`, { cause: error });
  }
}

/** Replaces the record in one step, so that a crash leaves the old or the new one. */
export function writeDeployed(folder: string, resources: readonly DeployedResource[]): void {
  const file = path.join(folder, 'deployed.json');
  writeFileSync(`${file}.new`, JSON.stringify({ resources }));
  renameSync(`${file}.new`, file);
}
