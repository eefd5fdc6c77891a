import { ApiFailure } from '../api/client.ts';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { countText, figureText, pValueText, timeText, wordsOf } from '../text/format.ts';
import { SampleRows } from './sample-rows.tsx';

type Report = AnswerOf<'readValidation'>;
type Check = Report['checks'][number];

export const verdictTones: Readonly<Record<Report['verdict'], Tone>> = {
  Pass: 'good',
  Warn: 'attention',
  Fail: 'bad',
  InsufficientData: 'quiet',
};

/** The verdict on a version and every check behind it, broken ones first. */
export function ValidationPanel({ project, datasetVersion }: { project: string; datasetVersion: number }) {
  const report = usePolled(
    (api, signal) => api.call('readValidation', { params: { project, datasetVersion }, signal }),
    (newest) => (newest ? 15_000 : 2000),
  );
  if (!report.value && report.failure instanceof ApiFailure && report.failure.status === 404) {
    return (
      <Panel title="Validation">
        <Empty>{report.failure.message}</Empty>
      </Panel>
    );
  }
  return (
    <Panel title="Validation">
      <Loaded polled={report} doing="Reading the validation report">
        {(found) => <ReportView report={found} />}
      </Loaded>
    </Panel>
  );
}

function ReportView({ report }: { report: Report }) {
  const { verdict, rows, validRows, quarantinedRows, checks, validatedAt, engine, released = [] } = report;
  const sorted = [...checks].sort((one, other) => rankOf(one) - rankOf(other));
  const broken = sorted.filter(isBroken);
  const sampled = broken.filter(({ samples }) => samples && samples.length > 0);
  return (
    <>
      <p>
        <Badge tone={verdictTones[verdict]}>{verdict}</Badge> {countText(rows, 'row')}:{' '}
        {validRows.toLocaleString('en')} valid, {quarantinedRows.toLocaleString('en')} in quarantine.
        Validated {timeText(validatedAt)} by project revision {report.projectRevision}
        {engine && `, in ${figureText(engine.seconds)} s by a ${wordsOf(engine.kind)}`}.
      </p>
      {released.map(({ releaseId, rows: released, releasedBy, releasedAt, reason }) => (
        <p key={releaseId} class="muted">
          {countText(released, 'row')} released from quarantine by {releasedBy}, {timeText(releasedAt)}:{' '}
          {reason}
        </p>
      ))}
      {report.cure && <p>{report.cure}</p>}
      {broken.length > 0 && <CheckTable caption="Checks that were not passed" checks={broken} />}
      {sampled.map((check) => (
        <SampleRows key={checkTitle(check)} title={checkTitle(check)} samples={check.samples ?? []} />
      ))}
      <details>
        <summary>{countText(sorted.length - broken.length, 'check')} passed or left out</summary>
        <CheckTable caption="Checks that were passed" checks={sorted.filter((check) => !isBroken(check))} />
      </details>
    </>
  );
}

function CheckTable({ caption, checks }: { caption: string; checks: readonly Check[] }) {
  return (
    <Table
      caption={caption}
      rows={checks.map((check, index) => ({ check, index }))}
      keyOf={({ index }) => index}
      columns={[
        {
          title: 'Check',
          cell: ({ check }) => (
            <>
              {checkTitle(check)}
              {check.note && <span class="muted"> {check.note}</span>}
            </>
          ),
        },
        {
          title: 'Outcome',
          cell: ({ check }) => <Badge tone={toneOf(check)}>{outcomeOf(check)}</Badge>,
        },
        { title: 'Rows', numeric: true, cell: ({ check }) => check.failingRows || '' },
        { title: 'Observed', wide: true, cell: ({ check }) => observedText(check) },
        { title: 'Expected', wide: true, cell: ({ check }) => check.expected },
        { title: 'Owner', cell: ({ check }) => check.owner },
      ]}
    />
  );
}

const isBroken = (check: Check): boolean => !check.passed || check.outcome === 'insufficient';
const outcomeOf = ({ outcome, passed }: Check) => outcome ?? (passed ? 'passed' : 'failed');

function rankOf(check: Check): number {
  if (!isBroken(check)) return 2;
  return check.severity === 'error' ? 0 : 1;
}

function toneOf(check: Check): Tone {
  const outcome = outcomeOf(check);
  if (outcome === 'failed') return check.severity === 'error' ? 'bad' : 'attention';
  return outcome === 'passed' ? 'good' : 'quiet';
}

function checkTitle({ name, check, column, columns }: Check): string {
  return name ? wordsOf(name) : [wordsOf(check), column ?? columns?.join(', ')].filter(Boolean).join(': ');
}

function observedText({ observed, statistic, pValue }: Check): string {
  const figures = [
    statistic === undefined ? '' : `distance ${figureText(statistic)}`,
    pValue === undefined ? '' : `p ${pValueText(pValue)}`,
  ].filter((text) => text !== '' && !observed.includes(text));
  return figures.length === 0 ? observed : `${observed} (${figures.join(', ')})`;
}
