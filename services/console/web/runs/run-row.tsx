import { addressOf } from '../routes.ts';
import { columnName, type RunColumn } from './columns.ts';
import { parentTag, type RunRow as Row } from './family-tree.ts';
import { RunCell } from './run-cell.tsx';

interface RunRowProps {
  readonly row: Row;
  /** Counts from 1, the head included. */
  readonly rowIndex: number;
  readonly columns: readonly RunColumn[];
  readonly isSelected: boolean;
  readonly isNested: boolean;
  /** Whether any row opens; names stand below each other then. */
  readonly hasFamilies: boolean;
  readonly nowMs: number;
  readonly onSelect: () => void;
  readonly onToggle: () => void;
}

/** One run of the table. */
export function RunRow(props: RunRowProps) {
  const { row, rowIndex, columns, isSelected, nowMs, onSelect } = props;
  const { run } = row;
  return (
    <tr aria-rowindex={rowIndex} class={isSelected ? 'chosen' : undefined}>
      <td class="pick">
        <input
          type="checkbox"
          checked={isSelected}
          onChange={onSelect}
          aria-label={`Select ${run.runName}`}
        />
      </td>
      <th scope="row" class="name">
        <div class="named" style={{ paddingLeft: `${row.depth * 1.1}rem` }}>
          <Expander {...props} />
          <a href={addressOf.run(run.runId)} title={run.runName}>
            {run.runName || run.runId}
          </a>
        </div>
      </th>
      {columns.map((column) => (
        <td key={columnName(column)} class={column.family === 'metrics' ? 'numeric' : undefined}>
          <RunCell run={run} column={column} nowMs={nowMs} />
        </td>
      ))}
    </tr>
  );
}

/** Opens the children; in a flat table it says that there is a parent. */
function Expander({ row: { run, children }, isNested, hasFamilies, onToggle }: RunRowProps) {
  const parent = run.tags.get(parentTag);
  if (!isNested) {
    return parent ? (
      <a class="parent" href={addressOf.run(parent)} title="To the parent run" aria-label="Parent run">
        ↳
      </a>
    ) : null;
  }
  if (children === 'none') return hasFamilies ? <span class="expander" /> : null;
  return (
    <button
      type="button"
      class={`expander ${children}`}
      aria-expanded={children === 'open'}
      aria-label={`Children of ${run.runName}`}
      onClick={onToggle}
    />
  );
}
