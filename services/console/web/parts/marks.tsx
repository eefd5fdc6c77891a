/** The tones that states are told apart by, besides their words. */
export type Tone = 'good' | 'active' | 'attention' | 'bad' | 'quiet';

export function Badge({ tone, children }: { tone: Tone; children: string }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export type StepStatus = 'running' | 'waiting' | 'done' | 'failed' | 'skipped';

export const toneOfStatus: Readonly<Record<StepStatus, Tone>> = {
  running: 'active',
  waiting: 'attention',
  done: 'good',
  failed: 'bad',
  skipped: 'quiet',
};

/** Lines of each mark in a square of 16. */
const strokes: Readonly<Record<StepStatus, string>> = {
  running: 'M8 2a6 6 0 1 1-6 6',
  waiting: 'M8 2a6 6 0 1 1 0 12A6 6 0 0 1 8 2M8 5v3.200l2.200 1.300',
  done: 'M3 8.500l3.400 3.400L13 4.700',
  failed: 'M4 4l8 8M12 4l-8 8',
  skipped: 'M4 8h8',
};

/** A mark for the eye and a word for those who listen. */
export function StatusMark({ status }: { status: StepStatus }) {
  return (
    <span class={`mark ${toneOfStatus[status]}`}>
      <svg viewBox="0 0 16 16" class={status === 'running' ? 'turning' : undefined} aria-hidden="true">
        <path d={strokes[status]} />
      </svg>
      <span class="unseen">{status}</span>
    </span>
  );
}
