import { restoreDatasetVersion } from '#services/datasets/contract.ts';
import { waitForVerdict } from '../../upload/outcome.ts';
import type { CommandContext } from '../context.ts';
import { counted } from './versions.ts';

/** Makes the next version with the content of an older one. */
export async function restore(
  { client, output }: CommandContext,
  project: string,
  version: number,
  { reason, wait }: { reason: string; wait: boolean },
): Promise<void> {
  const restored = await client.call(restoreDatasetVersion, {
    params: { project, datasetVersion: version },
    body: { reason },
  });
  const { datasetVersion, rows } = restored;
  const validation = wait ? await waitForVerdict(client, project, datasetVersion) : undefined;
  output.result(
    { ...restored, ...(validation ? { validation } : {}) },
    () =>
      `Version ${datasetVersion} of ${project} has the content of version ${version}: ${counted(rows, 'row')}.${validation ? ` Verdict: ${validation.verdict}.` : ''} The next upload goes on from there.`,
  );
}
