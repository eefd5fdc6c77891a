import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { VersionEvaluationStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `VERSION#<project>#<number>` / `EVALUATION#<releaseId>`: what a release found of a client's version; releases sort by time. */
const versionPk = (project: string, modelVersion: number): string => `VERSION#${project}#${modelVersion}`;
const skPrefix = 'EVALUATION#';
const keyOf = (project: string, modelVersion: number, releaseId: string): Key => ({
  pk: versionPk(project, modelVersion),
  sk: `${skPrefix}${releaseId}`,
});

export function createVersionEvaluationStore(stored: Table): VersionEvaluationStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readVersionEvaluation(project, modelVersion, releaseId) {
      const key = keyOf(project, modelVersion, releaseId);
      return (await table.get<StoredItems['versionEvaluation']>(key))?.evaluation;
    },
    async newestVersionEvaluation(project, modelVersion) {
      const { items } = await table.query<StoredItems['versionEvaluation']>({
        pk: versionPk(project, modelVersion),
        skPrefix,
        newestFirst: true,
        limit: 1,
        consistent: true,
      });
      return items[0]?.evaluation;
    },
    async saveVersionEvaluation(evaluation, events) {
      const { project, modelVersion, releaseId } = evaluation;
      await table.commit({
        writes: [
          {
            put: { ...keyOf(project, modelVersion, releaseId), schemaVersion: 1, evaluation },
            when: { absent: true },
            otherwise: new AppError(
              'already_exists',
              'EvaluationExists',
              `Release '${releaseId}' was evaluated meanwhile.`,
            ),
          },
        ],
        events,
      });
    },
  };
}
