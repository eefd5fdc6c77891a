import { getText, putObject } from '#shared/aws/objects.ts';
import { inputManifests } from '#shared/aws/processing-jobs.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import { objectsOfPlan, retrievalPlan } from '../domain/retrieval-plan.ts';
import type { RetrievalDocuments } from '../ports.ts';

/** Everything that is kept about a retrieval begins so. */
export const retrievalFolder = (project: string, retrievalId: string): string =>
  `feature-store/${project}/retrievals/${retrievalId}/`;

export function createRetrievalDocuments(dataBucket: string): RetrievalDocuments {
  const write = (project: string, retrievalId: string, document: unknown) => {
    const text = JSON.stringify(document);
    const key = `${retrievalFolder(project, retrievalId)}${sha256Hex(text)}.json`;
    return putObject({ bucket: dataBucket, key }, text, 'application/json');
  };
  return {
    writePlan: (plan) => write(plan.project, plan.retrievalId, plan),
    readPlan: async (plan) => retrievalPlan.parse(JSON.parse(await getText(plan))),
    writeInputManifests(plan) {
      const { project, retrievalId, entityRows } = plan;
      const file = entityRows.type === 'file' ? [{ uri: entityRows.uri, sha256: '', bytes: 0 }] : [];
      return Promise.all(
        inputManifests([...objectsOfPlan(plan), ...file]).map(async ({ bucket, document }) => ({
          bucket,
          manifest: await write(project, retrievalId, document),
        })),
      );
    },
  };
}
