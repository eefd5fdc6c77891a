import { versionedTable } from '#shared/aws/item-versions.ts';
import type { Table } from '#shared/aws/table.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { SkewStore } from '../ports/skew.ts';
import { itemKinds, type StoredItems } from './items.ts';

const pageSize = 20;
const partition = (project: string) => `SKEW#${project}`;
const stateKey = (project: string) => ({ pk: partition(project), sk: 'STATE' });
const reportPrefix = 'REPORT#';

export function createSkewStore(stored: Table): SkewStore {
  const table = versionedTable(stored, itemKinds);
  return {
    async state(project) {
      const item = await table.get<StoredItems['skewState']>(stateKey(project));
      return item && { checkId: item.checkId, checkedTo: item.checkedTo, dueAt: item.dueAt };
    },
    request: (project, state, before, event) =>
      table.commit({
        writes: [
          {
            put: { ...stateKey(project), schemaVersion: 1, ...state },
            when: before ? { equals: { checkId: before.checkId } } : { absent: true },
            otherwise: new AppError(
              'conflict',
              'SkewCheckRequested',
              `Another look at the features that '${project}' served was asked for at the same moment. GET /v1/projects/${project}/feature-skew shows what it finds.`,
            ),
          },
        ],
        events: [event],
      }),
    save: (reports, events, consumed) =>
      table.commit({
        writes: reports.map(({ report, object }) => ({
          put: {
            pk: partition(report.project),
            sk: `${reportPrefix}${report.reportId}`,
            schemaVersion: 1,
            reportId: report.reportId,
            object,
            completedAt: report.completedAt,
            verdict: report.verdict,
          },
        })),
        events,
        consumed,
      }),
    async page(project, pageToken) {
      const page = await table.query<StoredItems['skewReport']>({
        pk: partition(project),
        skPrefix: reportPrefix,
        newestFirst: true,
        limit: pageSize,
        ...(pageToken === undefined ? {} : { pageToken }),
      });
      return { ...page, items: page.items.map(({ reportId, object }) => ({ reportId, object })) };
    },
    replace: (project, reportId, object) =>
      table.commit({
        writes: [
          {
            update: { pk: partition(project), sk: `${reportPrefix}${reportId}` },
            set: { object },
            when: { present: true },
          },
        ],
      }),
  };
}
