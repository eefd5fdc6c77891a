import { timeText } from '../text/format.ts';

/** A point in time in the reader's own zone; exact for machines. */
export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={at}>
      {timeText(at)}
    </time>
  );
}
