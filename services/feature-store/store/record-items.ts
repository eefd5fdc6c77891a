import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { inParallel } from '#shared/kernel/in-parallel.ts';
import type { RecordItems } from '../ports/feature-erasure.ts';

const writesAtOnce = 16;

/** Items of records: `RECORD#<project>#<view>#<record id>` / `RECORD`, with the record in `line`. */
export const createRecordItems = (table: Table): RecordItems => ({
  async forget(project, view, recordIds) {
    await inParallel(recordIds, writesAtOnce, async (recordId) => {
      const isGone = new AppError('not_found', 'RecordGone', `Record '${recordId}' is not kept any more.`);
      try {
        await table.commit({
          writes: [
            {
              update: { pk: `RECORD#${project}#${view}#${recordId}`, sk: 'RECORD' },
              set: { line: '' },
              when: { present: true },
              otherwise: isGone,
            },
          ],
        });
      } catch (error) {
        if (error !== isGone) throw error;
      }
    });
  },
});
