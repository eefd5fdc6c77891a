import type { Run, RunStatus } from '../api/mlflow-entities.ts';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { durationText, valueText } from '../text/format.ts';
import { durationOf, type RunColumn } from './columns.ts';

const tones: Readonly<Record<RunStatus, Tone>> = {
  RUNNING: 'active',
  SCHEDULED: 'attention',
  FINISHED: 'good',
  FAILED: 'bad',
  KILLED: 'bad',
};

export function StatusBadge({ status }: { status: RunStatus }) {
  return <Badge tone={tones[status] ?? 'quiet'}>{status.toLowerCase()}</Badge>;
}

interface RunCellProps {
  readonly run: Run;
  readonly column: RunColumn;
  readonly nowMs: number;
}

/** What a run has for a column. Texts that do not fit are there on pointing. */
export function RunCell({ run, column: { family, key }, nowMs }: RunCellProps) {
  if (family === 'attributes') return <Attribute run={run} name={key} nowMs={nowMs} />;
  if (family === 'metrics') {
    const metric = run.metrics.get(key);
    return metric ? <span title={String(metric.value)}>{valueText(metric.value)}</span> : null;
  }
  const text = run[family].get(key);
  return text === undefined ? null : <span title={text}>{text}</span>;
}

function Attribute({ run, name, nowMs }: { run: Run; name: string; nowMs: number }) {
  switch (name) {
    case 'status':
      return <StatusBadge status={run.status} />;
    case 'start_time':
      return <Instant ms={run.startMs} />;
    case 'end_time':
      return <Instant ms={run.endMs} />;
    case 'duration': {
      const duration = durationOf(run, nowMs);
      return duration === undefined ? null : <span>{durationText(duration)}</span>;
    }
    case 'user_id':
      return <span>{userOf(run)}</span>;
    default:
      return <code>{run.runId}</code>;
  }
}

/** Newer clients say who runs in a tag only. */
export const userOf = ({ userId, tags }: Run): string => userId || (tags.get('mlflow.user') ?? '');

export function Instant({ ms }: { ms: number | undefined }) {
  return ms === undefined ? null : <Moment at={new Date(ms).toISOString()} />;
}
