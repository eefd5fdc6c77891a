import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { countText } from '../text/format.ts';

type Diff = Extract<AnswerOf<'diffDatasetVersions'>, { status: 'done' }>['diff'];
type Example = Diff['examples'][number];

const tones: Readonly<Record<Example['change'], Tone>> = {
  added: 'good',
  removed: 'bad',
  changed: 'attention',
};

interface DiffPanelProps {
  readonly project: string;
  readonly datasetVersion: number;
  readonly from: number;
}

/** Rows and columns that came, went and changed since an older version. */
export function DiffPanel({ project, datasetVersion, from }: DiffPanelProps) {
  const diff = usePolled(
    (api, signal) =>
      api.call('diffDatasetVersions', { params: { project, datasetVersion }, query: { from }, signal }),
    (newest) => (newest?.status === 'running' ? 1500 : 300_000),
  );
  return (
    <Panel title={`Changes since version ${from}`}>
      <Loaded polled={diff} doing="Reading the changes">
        {(answer) => {
          if (answer.status === 'running') return <Empty>The versions are being compared …</Empty>;
          if (answer.status === 'failed') return <Empty>{answer.reason}</Empty>;
          return <DiffView diff={answer.diff} />;
        }}
      </Loaded>
    </Panel>
  );
}

function DiffView({ diff }: { diff: Diff }) {
  const { rowsAdded, rowsRemoved, rowsChanged, rowsUnchanged, examples, changedValues } = diff;
  const changed = Object.entries(changedValues).sort(([, one], [, other]) => other - one);
  return (
    <>
      <p>
        {countText(rowsAdded, 'row')} added, {rowsRemoved.toLocaleString('en')} removed,{' '}
        {rowsChanged.toLocaleString('en')} changed, {rowsUnchanged.toLocaleString('en')} the same.
      </p>
      <SchemaChanges diff={diff} />
      {changed.length > 0 && (
        <p class="muted">
          Values that differ:{' '}
          {changed.map(([name, rows]) => `${name} in ${countText(rows, 'row')}`).join(', ')}.
        </p>
      )}
      {examples.length > 0 && (
        <Table
          caption="Examples of rows that differ"
          rows={examples}
          keyOf={({ change, key }) => `${change} ${key}`}
          columns={[
            { title: 'Key', cell: ({ key }) => <code>{key}</code> },
            { title: 'Change', cell: ({ change }) => <Badge tone={tones[change]}>{change}</Badge> },
            { title: 'Values', wide: true, cell: valuesText },
          ]}
        />
      )}
    </>
  );
}

function SchemaChanges({ diff: { columnsAdded, columnsRemoved, columnsRetyped } }: { diff: Diff }) {
  const changes = [
    ...columnsAdded.map(({ name, type }) => `${name} (${type}) is new`),
    ...columnsRemoved.map(({ name }) => `${name} is gone`),
    ...columnsRetyped.map(({ name, from, to }) => `${name} was ${from} and is ${to}`),
  ];
  return changes.length === 0 ? null : <p>Columns: {changes.join('; ')}.</p>;
}

const shown = (value: string | null) => value ?? 'missing';

/** What came or went; what a value was and is, where it changed. */
function valuesText({ change, values }: Example): string {
  return Object.entries(values)
    .map(([name, { from, to }]) => {
      if (change === 'changed') return `${name}: ${shown(from)} → ${shown(to)}`;
      return `${name}: ${shown(change === 'added' ? to : from)}`;
    })
    .join('; ');
}
