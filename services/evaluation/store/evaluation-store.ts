import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { EvaluationStore } from '../ports.ts';
import { itemKinds, type StoredItems } from './items.ts';

/** `TRAINING#<trainingId>` / `EVALUATION`: what was found, written once. */
const evaluationKey = (trainingId: string): Key => ({ pk: `TRAINING#${trainingId}`, sk: 'EVALUATION' });

export function createEvaluationStore(stored: Table): EvaluationStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async readEvaluation(trainingId) {
      const item = await table.get<StoredItems['evaluation']>(evaluationKey(trainingId));
      return item?.evaluation;
    },
    async saveEvaluation(evaluation, events) {
      const { trainingId } = evaluation;
      await table.commit({
        writes: [
          {
            put: { ...evaluationKey(trainingId), schemaVersion: 1, evaluation },
            when: { absent: true },
            otherwise: new AppError(
              'already_exists',
              'EvaluationExists',
              `Training '${trainingId}' was evaluated meanwhile.`,
            ),
          },
        ],
        events,
      });
    },
  };
}
