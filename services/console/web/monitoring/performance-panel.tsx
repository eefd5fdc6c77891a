import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { type Column, Table } from '../parts/table.tsx';
import { figureText, percentText, wordsOf } from '../text/format.ts';

type Measurement = AnswerOf<'readPerformance'>['measurements'][number];

const tones: Readonly<Record<Measurement['verdict'], Tone>> = {
  Good: 'good',
  Degraded: 'bad',
  InsufficientData: 'quiet',
};

/** How right the model was, as far as the truth is known. */
export function PerformancePanel({ project }: { project: string }) {
  const performance = usePolled(
    (api, signal) => api.call('readPerformance', { params: { project }, signal }),
    () => 10_000,
  );
  return (
    <Panel title="Performance on ground truth">
      <Loaded polled={performance} doing="Reading the measurements">
        {({ measurements }) =>
          measurements.length === 0 ? (
            <Empty>
              Nothing measured yet. Send what turned out to be true:{' '}
              <code>npx millrace label {project} labels.csv</code>
            </Empty>
          ) : (
            <Table
              caption="Measurements, newest first"
              rows={measurements}
              keyOf={({ window, measuredAt }) => `${window.windowId} ${measuredAt}`}
              columns={columnsOf(measurements)}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function columnsOf(measurements: readonly Measurement[]): Column<Measurement>[] {
  const metrics = [...new Set(measurements.flatMap((measurement) => Object.keys(measurement.metrics)))];
  return [
    { title: 'Window until', cell: ({ window }) => <Moment at={window.endAt} /> },
    { title: 'Version', numeric: true, cell: ({ modelVersion }) => modelVersion },
    { title: 'Verdict', cell: ({ verdict }) => <Badge tone={tones[verdict]}>{verdict}</Badge> },
    ...metrics.map(
      (metric): Column<Measurement> => ({
        title: wordsOf(metric),
        numeric: true,
        cell: ({ metrics: values }) => (values[metric] === undefined ? '' : figureText(values[metric])),
      }),
    ),
    { title: 'Labels', numeric: true, cell: ({ labelled }) => labelled },
    { title: 'Coverage', numeric: true, cell: ({ coverage }) => percentText(coverage) },
  ];
}
