import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { useNow } from '../api/use-api.ts';
import { columnName, columnTitle, isSortable, type RunColumn } from './columns.ts';
import type { RunRow as Row } from './family-tree.ts';
import { rowWindow } from './row-window.ts';
import { RunRow } from './run-row.tsx';
import type { TableView } from './table-view.ts';

/** As `--run-row` in the style sheet has it. */
const rowHeight = 34;
const spareRows = 12;
/** The next page is asked for when so many rows are left below. */
const rowsAhead = 60;

interface RunTableProps {
  readonly caption: string;
  readonly rows: readonly Row[];
  readonly columns: readonly RunColumn[];
  readonly view: TableView;
  readonly isNested: boolean;
  readonly isComplete: boolean;
  readonly isStale: boolean;
  readonly onSelect: (runId: string) => void;
  readonly onToggle: (runId: string) => void;
  readonly onOrder: (column: RunColumn) => void;
  /** The end of the rows comes near. */
  readonly onNearEnd: () => void;
}

/** Runs, of which only those that are seen are drawn. */
export function RunTable(props: RunTableProps) {
  const { caption, rows, columns, view, isNested, isComplete, isStale, onNearEnd } = props;
  const box = useRef<HTMLElement>(null);
  const { firstRow, viewHeight, follow } = useScrolled(box);
  const drawn = rowWindow({
    rows: rows.length,
    rowHeight,
    scrollTop: firstRow * rowHeight,
    viewHeight,
    spare: spareRows,
  });
  useEffect(() => {
    if (drawn.end + rowsAhead > rows.length) onNearEnd();
  });
  useKeptFocus(box);
  const hasFamilies = isNested && rows.some(({ children }) => children !== 'none');
  const shown = rows.slice(drawn.first, drawn.end);
  const nowMs = useNow(shown.some(({ run }) => run.status === 'RUNNING'));
  return (
    <section
      class={isStale ? 'runs stale' : 'runs'}
      ref={box}
      onScroll={follow}
      onKeyDown={walkRows}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
      tabIndex={0}
      aria-label={caption}
      aria-busy={isStale}
    >
      <table aria-rowcount={isComplete ? rows.length + 1 : -1}>
        <caption class="unseen">{caption}</caption>
        <colgroup>
          <col class="pick" />
          <col class="name" />
          {columns.map((column) => (
            <col key={columnName(column)} class={column.family} />
          ))}
        </colgroup>
        <Head {...props} />
        <tbody>
          <Gap height={drawn.above} />
          {shown.map((row, index) => (
            <RunRow
              key={row.run.runId}
              row={row}
              rowIndex={drawn.first + index + 2}
              columns={columns}
              isSelected={view.selected.includes(row.run.runId)}
              isNested={isNested}
              hasFamilies={hasFamilies}
              nowMs={nowMs}
              onSelect={() => props.onSelect(row.run.runId)}
              onToggle={() => props.onToggle(row.run.runId)}
            />
          ))}
          <Gap height={drawn.below} />
        </tbody>
      </table>
    </section>
  );
}

const nameColumn: RunColumn = { family: 'attributes', key: 'run_name' };

function Head({ columns, view: { order }, onOrder }: RunTableProps) {
  const directionOf = (column: RunColumn) =>
    order && columnName(order.column) === columnName(column)
      ? order.descending
        ? 'descending'
        : 'ascending'
      : undefined;
  const title = (column: RunColumn) =>
    isSortable(column) ? (
      <button type="button" class="order" onClick={() => onOrder(column)} title={columnName(column)}>
        {columnTitle(column)}
      </button>
    ) : (
      columnTitle(column)
    );
  return (
    <thead>
      <tr aria-rowindex={1}>
        <th class="pick">
          <span class="unseen">Selected</span>
        </th>
        <th scope="col" class="name" aria-sort={directionOf(nameColumn)}>
          {title(nameColumn)}
        </th>
        {columns.map((column) => (
          <th
            key={columnName(column)}
            scope="col"
            class={column.family === 'metrics' ? 'numeric' : undefined}
            aria-sort={directionOf(column)}
          >
            {title(column)}
          </th>
        ))}
      </tr>
    </thead>
  );
}

/** Stands for rows that are not drawn. */
function Gap({ height }: { height: number }) {
  if (height === 0) return null;
  // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row takes no focus.
  return <tr aria-hidden="true" class="gap" style={{ height: `${height}px` }} />;
}

/** The row at the upper edge, and how much is seen. Pixels in between draw nothing new. */
function useScrolled(box: { readonly current: HTMLElement | null }) {
  const [firstRow, setFirstRow] = useState(0);
  const [viewHeight, setViewHeight] = useState(600);
  useLayoutEffect(() => {
    const element = box.current!;
    const measure = new ResizeObserver(() => setViewHeight(element.clientHeight));
    measure.observe(element);
    return () => measure.disconnect();
  }, []);
  const follow = () => setFirstRow(Math.floor((box.current?.scrollTop ?? 0) / rowHeight));
  return { firstRow, viewHeight, follow };
}

/** A row that scrolls away takes the focus with it; the table takes it over, so that keys go on working. */
function useKeptFocus(box: { readonly current: HTMLElement | null }): void {
  const hadFocus = useRef(false);
  useLayoutEffect(() => {
    if (hadFocus.current && document.activeElement === document.body) box.current?.focus();
    hadFocus.current = box.current?.contains(document.activeElement) ?? false;
  });
}

/** Up and down go to the same thing of the next row, from a box or a link within a row. */
function walkRows(event: KeyboardEvent): void {
  const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const from = event.target as HTMLElement;
  const row = from.closest<HTMLTableRowElement>('tbody tr');
  if (step === 0 || !row) return;
  const kind = from.tagName.toLowerCase();
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const target = next?.querySelector<HTMLElement>(kind) ?? next?.querySelector<HTMLElement>('a');
  if (!target) return;
  event.preventDefault();
  target.focus();
}
