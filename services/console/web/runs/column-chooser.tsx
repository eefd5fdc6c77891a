import type { TargetedKeyboardEvent } from 'preact';
import { useState } from 'preact/hooks';
import { columnName, columnTitle, families, type RunColumn } from './columns.ts';

const familyTitles = {
  attributes: 'Attributes',
  metrics: 'Metrics',
  params: 'Params',
  tags: 'Tags',
} as const;

interface ColumnChooserProps {
  /** What is chosen: `Columns`, `Axes`. */
  readonly title: string;
  readonly available: readonly RunColumn[];
  readonly chosen: readonly RunColumn[];
  /** Undefined: as if nobody had chosen. */
  readonly onChoose: (columns: readonly RunColumn[] | undefined) => void;
}

/** Which columns a table has, or which axes a picture. */
export function ColumnChooser({ title, available, chosen, onChoose }: ColumnChooserProps) {
  const [part, setPart] = useState('');
  const names = new Set(chosen.map(columnName));
  const all = [...available, ...chosen.filter((column) => !isIn(available, column))];
  const found = all.filter((column) => columnTitle(column).toLowerCase().includes(part.toLowerCase()));
  const toggle = (column: RunColumn) =>
    onChoose(
      names.has(columnName(column))
        ? chosen.filter((one) => columnName(one) !== columnName(column))
        : all.filter((one) => names.has(columnName(one)) || columnName(one) === columnName(column)),
    );
  return (
    <details class="chooser" onKeyDown={closeOnEscape}>
      <summary class="button">{title}</summary>
      <div class="choices">
        <label>
          Find
          <input value={part} onInput={(event) => setPart(event.currentTarget.value)} autoComplete="off" />
        </label>
        {families.map((family) => {
          const members = found.filter((column) => column.family === family);
          return members.length === 0 ? null : (
            <fieldset key={family}>
              <legend>{familyTitles[family]}</legend>
              {members.map((column) => (
                <label key={columnName(column)} class="check">
                  <input
                    type="checkbox"
                    checked={names.has(columnName(column))}
                    onChange={() => toggle(column)}
                  />
                  {columnTitle(column)}
                </label>
              ))}
            </fieldset>
          );
        })}
        <button type="button" onClick={() => onChoose(undefined)}>
          As usual
        </button>
      </div>
    </details>
  );
}

function closeOnEscape(event: TargetedKeyboardEvent<HTMLDetailsElement>): void {
  if (event.key !== 'Escape' || !event.currentTarget.open) return;
  event.currentTarget.open = false;
  event.currentTarget.querySelector('summary')?.focus();
}

const isIn = (columns: readonly RunColumn[], column: RunColumn): boolean =>
  columns.some((one) => columnName(one) === columnName(column));
