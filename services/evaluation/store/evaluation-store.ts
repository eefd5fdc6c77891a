import type { Item, Key, Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Evaluation, EvaluationStore } from '../ports.ts';

/** `TRAINING#<trainingId>` / `EVALUATION`: what was found, written once. */
const evaluationKey = (trainingId: string): Key => ({ pk: `TRAINING#${trainingId}`, sk: 'EVALUATION' });

export function createEvaluationStore(table: Table): EvaluationStore {
  return {
    async readEvaluation(trainingId) {
      const item = await table.get<Item & { evaluation: Evaluation }>(evaluationKey(trainingId));
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
