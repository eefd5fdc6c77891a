import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { fileNameOf } from './file-name.ts';

type Upload = AnswerOf<'listUploads'>['items'][number];

const tones: Readonly<Record<Upload['status'], Tone>> = {
  created: 'good',
  unchanged: 'quiet',
  rejected: 'bad',
};

/** What was uploaded and what became of it; why, where it became nothing. */
export function UploadTable({ project, moved }: { project: string; moved: string | undefined }) {
  const uploads = usePolled(
    (api, signal) => api.call('listUploads', { params: { project }, signal }),
    () => 15_000,
    [moved],
  );
  return (
    <Panel title="Uploads">
      <Loaded polled={uploads} doing="Reading the uploads">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>Nothing was uploaded yet.</Empty>
          ) : (
            <Table
              caption="Uploads, newest first"
              rows={items}
              keyOf={({ key, receivedAt }) => `${key} ${receivedAt}`}
              columns={[
                { title: 'Received', cell: ({ receivedAt }) => <Moment at={receivedAt} /> },
                {
                  title: 'File',
                  wide: true,
                  cell: ({ key }) => <code>{fileNameOf(key)}</code>,
                },
                { title: 'Outcome', cell: ({ status }) => <Badge tone={tones[status]}>{status}</Badge> },
                {
                  title: 'Version',
                  numeric: true,
                  cell: ({ datasetVersion }) =>
                    datasetVersion && (
                      <a href={addressOf.datasetVersion(project, datasetVersion)}>{datasetVersion}</a>
                    ),
                },
                {
                  title: 'Why',
                  wide: true,
                  cell: ({ reasons }) => reasons?.map(({ message }) => message).join(' '),
                },
              ]}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}
