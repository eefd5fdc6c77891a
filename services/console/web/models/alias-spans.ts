import type { AnswerOf } from '../api/operations.ts';

type AliasMove = AnswerOf<'listAliasHistory'>['items'][number];

/** A time during which an alias named one version. */
export interface AliasSpan {
  readonly version: number;
  readonly from: string;
  /** Absent: until now. */
  readonly to?: string;
  readonly reason: string;
}

/** Who was champion when, the newest first, of moves that come in any order. Times without a version leave a gap. */
export function spansOf(moves: readonly AliasMove[]): AliasSpan[] {
  const ordered = moves.toSorted((one, other) => Date.parse(one.movedAt) - Date.parse(other.movedAt));
  return ordered
    .flatMap(({ toVersion, movedAt, reason }, index): AliasSpan[] => {
      if (toVersion === undefined) return [];
      const to = ordered[index + 1]?.movedAt;
      return [{ version: toVersion, from: movedAt, reason, ...(to === undefined ? {} : { to }) }];
    })
    .reverse();
}
