import type { AnswerOf } from '../api/operations.ts';
import { Badge, StatusMark, toneOfStatus } from '../parts/marks.tsx';
import { durationText, timeText, withLocalTimes } from '../text/format.ts';

type Journey = AnswerOf<'listJourneys'>['items'][number];
type Step = Journey['steps'][number];

interface JourneyEntryProps {
  readonly journey: Journey;
  readonly newest: boolean;
  readonly nowMs: number;
}

/** One journey: its cause and state in a line, its steps below. */
export function JourneyEntry({ journey, newest, nowMs }: JourneyEntryProps) {
  const { cause, status, startedAt, updatedAt, steps } = journey;
  const over = status === 'done' || status === 'failed';
  const tookMs = (over ? Date.parse(updatedAt) : nowMs) - Date.parse(startedAt);
  const current = steps.findLast((step) => step.status !== 'skipped');
  return (
    <details class="journey" open={newest || !over}>
      <summary>
        <span class="what">
          <span class="cause">{cause}</span>
          <Badge tone={toneOfStatus[status]}>{status}</Badge>
          <span class="when muted">{timeText(startedAt)}</span>
        </span>
        <span class="took">{durationText(tookMs)}</span>
      </summary>
      {newest && current && (
        <p class="unseen" role="status">
          {current.title}: {current.status}
        </p>
      )}
      <ol class="steps">
        {steps.map((step) => (
          <StepLine key={step.step} step={step} nowMs={nowMs} />
        ))}
      </ol>
    </details>
  );
}

function StepLine({ step, nowMs }: { step: Step; nowMs: number }) {
  const { title, status, summary, startedAt, endedAt } = step;
  const tookMs = (endedAt ? Date.parse(endedAt) : nowMs) - Date.parse(startedAt);
  return (
    <li class={`step ${status}`}>
      <StatusMark status={status} />
      <span class="title">{title}</span>
      <span class="summary">{withLocalTimes(summary)}</span>
      <span class="took">{status === 'skipped' ? '' : durationText(tookMs)}</span>
    </li>
  );
}
