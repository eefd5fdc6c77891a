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

type TrainedVersion = Extract<ModelVersion, { origin: 'training' }>;

const tones: Readonly<Record<TrainedVersion['evaluation']['verdict'], Tone>> = {
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
  const metrics = [...new Set(versions.flatMap((version) => Object.keys(metricsOf(version))))];
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
      cell: ({ aliases, status, statusReason }) => [
        ...aliases.map((alias) => (
          <Badge key={alias} tone={alias === 'champion' ? 'good' : 'quiet'}>
            {alias}
          </Badge>
        )),
        status === 'QUARANTINED' && (
          <span key="status" title={statusReason}>
            <Badge tone="bad">quarantined</Badge>
          </span>
        ),
      ],
    },
    {
      title: 'Gates',
      cell: (version) =>
        version.origin === 'training' ? (
          <Badge tone={tones[version.evaluation.verdict]}>{version.evaluation.verdict}</Badge>
        ) : (
          <span class="muted" title={`From ${version.source}`}>
            registered by {version.createdBy}
          </span>
        ),
    },
    ...metrics.map(
      (metric): Column<ModelVersion> => ({
        title: wordsOf(metric),
        numeric: true,
        cell: (version) => {
          const value = metricsOf(version)[metric];
          return value === undefined ? '' : figureText(value);
        },
      }),
    ),
    {
      title: 'Data',
      numeric: true,
      cell: (version) => (version.origin === 'training' ? version.recipe.datasetVersion : ''),
    },
    { title: 'Registered', cell: ({ createdAt }) => <Moment at={createdAt} /> },
  ];
}

/** What was measured before it was registered: nothing, where a client registered it. */
const metricsOf = (version: ModelVersion): Readonly<Record<string, number>> =>
  version.origin === 'training' ? version.metrics : {};
