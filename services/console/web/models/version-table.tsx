import type { ModelVersion } from '../api/answers.ts';
import type { AnswerOf } from '../api/operations.ts';
import type { Polled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { figureText, wordsOf } from '../text/format.ts';

const tones: Readonly<Record<ModelVersion['evaluation']['verdict'], Tone>> = {
  Pass: 'good',
  Fail: 'bad',
  InsufficientData: 'quiet',
};

interface VersionTableProps {
  readonly project: string;
  readonly versions: Polled<AnswerOf<'listModelVersions'>>;
}

/** Every version of the model, with what was measured before it was registered. */
export function VersionTable({ project, versions }: VersionTableProps) {
  return (
    <Panel title="Model versions">
      <Loaded polled={versions} doing="Reading the model versions">
        {({ items }) =>
          items.length === 0 ? (
            <Empty>No model yet. The first one comes from the first validated data.</Empty>
          ) : (
            <Table
              caption="Model versions, newest first"
              rows={items}
              keyOf={({ modelVersion }) => modelVersion}
              columns={columnsOf(project, items)}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function columnsOf(project: string, versions: readonly ModelVersion[]): Column<ModelVersion>[] {
  const metrics = [...new Set(versions.flatMap((version) => Object.keys(version.metrics)))];
  return [
    { title: 'Version', numeric: true, cell: ({ modelVersion }) => modelVersion },
    {
      title: 'History',
      cell: ({ modelVersion }) => (
        <a href={addressOf.lineage(project, 'model-version', modelVersion)}>lineage</a>
      ),
    },
    {
      title: 'Alias',
      cell: ({ aliases, status }) => [
        ...aliases.map((alias) => (
          <Badge key={alias} tone={alias === 'champion' ? 'good' : 'quiet'}>
            {alias}
          </Badge>
        )),
        status === 'QUARANTINED' && <Badge tone="bad">quarantined</Badge>,
      ],
    },
    {
      title: 'Gates',
      cell: ({ evaluation: { verdict } }) => <Badge tone={tones[verdict]}>{verdict}</Badge>,
    },
    ...metrics.map(
      (metric): Column<ModelVersion> => ({
        title: wordsOf(metric),
        numeric: true,
        cell: ({ metrics: values }) => (values[metric] === undefined ? '' : figureText(values[metric])),
      }),
    ),
    { title: 'Data', numeric: true, cell: ({ recipe }) => recipe.datasetVersion },
    { title: 'Registered', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  ];
}
