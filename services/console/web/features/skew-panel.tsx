import { useState } from 'preact/hooks';
import type { AnswerOf } from '../api/operations.ts';
import { useClient, usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Empty, FailureNotice, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { useSubmission } from '../parts/use-submission.ts';
import { countText, percentText, timeText } from '../text/format.ts';

type SkewReport = AnswerOf<'listFeatureSkew'>['items'][number];

const tones: Readonly<Record<SkewReport['verdict'], Tone>> = {
  Pass: 'good',
  Fail: 'bad',
  InsufficientData: 'quiet',
};

/** Whether predictions were given the values that training would have seen at their time. */
export function SkewPanel({ project }: { project: string }) {
  const client = useClient();
  const { sending, failure, submit } = useSubmission();
  const [asked, setAsked] = useState(0);
  const reports = usePolled(
    (api, signal) => api.call('listFeatureSkew', { params: { project }, signal }),
    () => (asked ? 3000 : 30_000),
    [asked],
  );
  const check = () =>
    submit(async () => {
      await client.call('checkFeatureSkew', { params: { project } });
      setAsked((before) => before + 1);
    });
  return (
    <Panel
      title="Training against serving"
      aside={
        <button type="button" disabled={sending} onClick={check}>
          Compare now
        </button>
      }
    >
      {failure && <FailureNotice failure={failure} doing="Comparing" />}
      <Loaded polled={reports} doing="Reading the comparisons">
        {({ items: [newest] }) =>
          newest ? (
            <ReportView report={newest} />
          ) : (
            <Empty>
              Nothing was compared yet. It is once a model has predicted by entity key, daily or by the
              button.
            </Empty>
          )
        }
      </Loaded>
    </Panel>
  );
}

function ReportView({ report }: { report: SkewReport }) {
  const { verdict, featureService, from, to, inferences, maxMismatchRate, features } = report;
  const rows = [...features].sort((one, other) => other.mismatchRate - one.mismatchRate);
  return (
    <>
      <p>
        <Badge tone={tones[verdict]}>{verdict}</Badge> {featureService.service} v{featureService.version}:{' '}
        {countText(inferences, 'prediction')} from {timeText(from)} to {timeText(to)}, at most{' '}
        {percentText(maxMismatchRate)} of a feature's values may differ.
      </p>
      <Table
        caption="Values served against values that training would have seen, worst first"
        rows={rows}
        keyOf={({ feature }) => feature}
        columns={[
          { title: 'Feature', cell: ({ feature }) => feature },
          { title: 'Compared', numeric: true, cell: ({ compared }) => compared.toLocaleString('en') },
          { title: 'Other value', numeric: true, cell: ({ different }) => different.toLocaleString('en') },
          { title: 'Older row', numeric: true, cell: ({ stale }) => stale.toLocaleString('en') },
          {
            title: 'Differ',
            cell: ({ mismatchRate }) => (
              <label class="filling">
                <meter min={0} max={1} high={maxMismatchRate} optimum={0} value={mismatchRate} />{' '}
                {percentText(mismatchRate)}
              </label>
            ),
          },
          { title: 'For example', wide: true, cell: ({ examples: [first] }) => first && exampleText(first) },
        ]}
      />
    </>
  );
}

const exampleText = ({
  at,
  served,
  offline,
  inferenceId,
}: SkewReport['features'][number]['examples'][number]): string =>
  `${String(served)} was served at ${timeText(at)}, training would have seen ${String(offline)} (${inferenceId})`;
