import { visibleAtSql } from './latest-rows.ts';
import { type SourceFile, sourceRowsSql, type ViewOfRows, valueName, viewValues } from './source-rows.ts';

/**
 * A SELECT of the rows of a view with aggregations that are visible at `asOf` (bound as `$1`) and can still count then or later: those in its
 * longest window and one hop. Columns `k0`, …, `event_at`, `available_at`, `tie`, `c0`, …; ordered by key, then by rank, which is the order
 * that states of windows are made in.
 */
export function windowRowsSql(view: ViewOfRows, files: readonly SourceFile[]): string {
  const keys = view.joinKeys.map((_key, place) => `k${place}`);
  const values = viewValues(view).map((_value, place) => valueName(view, place));
  const reach = Math.max(
    ...view.aggregations.map(({ windowSeconds, hopSeconds }) => windowSeconds + hopSeconds),
  );
  return `SELECT ${[...keys, 'event_at', 'available_at', 'tie', ...values].join(', ')}
    FROM (${sourceRowsSql(view, files)})
    WHERE ${visibleAtSql} AND event_at >= $1::TIMESTAMPTZ - to_seconds(${reach})
    ORDER BY ${[...keys, 'event_at', 'available_at', 'tie'].join(', ')}`;
}
