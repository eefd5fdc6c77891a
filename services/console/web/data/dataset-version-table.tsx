import type { AnswerOf } from '../api/operations.ts';
import type { Polled } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { Badge } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { bytesText } from '../text/format.ts';
import { fileNameOf } from './file-name.ts';

type DatasetVersion = AnswerOf<'listDatasetVersions'>['items'][number];

interface DatasetVersionTableProps {
  readonly project: string;
  readonly versions: Polled<AnswerOf<'listDatasetVersions'>>;
}

/** Every version of the dataset; each leads to its report, its profile and its history. */
export function DatasetVersionTable({ project, versions }: DatasetVersionTableProps) {
  return (
    <Panel title="Dataset versions">
      <Loaded polled={versions} doing="Reading the dataset versions">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>
              No data yet. <code>npx millrace upload {project} file.csv</code> makes the first version.
            </Empty>
          ) : (
            <Table
              caption="Dataset versions, newest first"
              rows={items}
              keyOf={({ datasetVersion }) => datasetVersion}
              columns={columnsOf(project)}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

const columnsOf = (project: string): Column<DatasetVersion>[] => [
  {
    title: 'Version',
    numeric: true,
    cell: ({ datasetVersion }) => (
      <a href={addressOf.datasetVersion(project, datasetVersion)}>{datasetVersion}</a>
    ),
  },
  {
    title: 'History',
    cell: ({ datasetVersion }) => (
      <a href={addressOf.lineage(project, 'dataset-version', datasetVersion)}>lineage</a>
    ),
  },
  { title: 'Rows', numeric: true, cell: ({ rows }) => rows.toLocaleString('en') },
  { title: 'Columns', numeric: true, cell: ({ columns }) => columns.length },
  { title: 'Size', numeric: true, cell: ({ bytes }) => bytesText(bytes) },
  { title: 'Content', cell: ({ contentSha256 }) => <Digest value={contentSha256} /> },
  {
    title: 'State',
    cell: ({ expiredAt, erasures }) => [
      expiredAt && (
        <span key="expired" title={`The retention policy removed the content at ${expiredAt}`}>
          <Badge tone="quiet">expired</Badge>
        </span>
      ),
      erasures?.length ? (
        <span key="erased" title={`Rewritten by ${erasures.map(({ erasureId }) => erasureId).join(', ')}`}>
          <Badge tone="attention">rows erased</Badge>
        </span>
      ) : null,
    ],
  },
  {
    title: 'From',
    wide: true,
    cell: ({ sourceKey }) => <code>{fileNameOf(sourceKey)}</code>,
  },
  { title: 'Created', cell: ({ createdAt }) => <Moment at={createdAt} /> },
];
