import type { Run } from '../api/mlflow-entities.ts';
import { inkClass } from '../charts/ink.ts';
import { Empty } from '../parts/notices.tsx';
import { addressOf } from '../routes.ts';
import { columnName, type RunColumn } from '../runs/columns.ts';
import { StatusBadge } from '../runs/run-cell.tsx';
import { valueText } from '../text/format.ts';
import { comparedColumns, isDifferent } from './run-values.ts';

interface DifferenceTableProps {
  readonly runs: readonly Run[];
  readonly differencesOnly: boolean;
}

const familyTitles = { params: 'Params', metrics: 'Metrics, newest values' } as const;

/** Params and metrics of the runs, side by side; what differs is marked. */
export function DifferenceTable({ runs, differencesOnly }: DifferenceTableProps) {
  const shown = comparedColumns(runs).filter((column) => !differencesOnly || isDifferent(runs, column));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
    <section class="scroll" tabIndex={0} aria-label="Params and metrics side by side">
      <table class={differencesOnly ? 'differences only' : 'differences'}>
        <caption class="unseen">Params and metrics side by side</caption>
        <thead>
          <tr>
            <th scope="col">Run</th>
            {runs.map(({ runId, runName, status }, ink) => (
              <th key={runId} scope="col">
                <svg width={22} height={10} aria-hidden="true">
                  <path class={`line ${inkClass(ink)}`} d="M1 5H21" />
                </svg>{' '}
                <a href={addressOf.run(runId)}>{runName || runId}</a> <StatusBadge status={status} />
              </th>
            ))}
          </tr>
        </thead>
        {(['params', 'metrics'] as const).map((family) => (
          <Family
            key={family}
            title={familyTitles[family]}
            runs={runs}
            columns={shown.filter((column) => column.family === family)}
          />
        ))}
      </table>
      {shown.length === 0 && <Empty>The runs differ in nothing.</Empty>}
    </section>
  );
}

interface FamilyProps {
  readonly title: string;
  readonly runs: readonly Run[];
  readonly columns: readonly RunColumn[];
}

function Family({ title, runs, columns }: FamilyProps) {
  if (columns.length === 0) return null;
  return (
    <tbody>
      <tr>
        <th scope="rowgroup" colSpan={runs.length + 1} class="family">
          {title}
        </th>
      </tr>
      {columns.map((column) => (
        <tr key={columnName(column)} class={isDifferent(runs, column) ? 'differs' : undefined}>
          <th scope="row">{column.key}</th>
          {runs.map((run) => (
            <td key={run.runId} title={exactText(run, column)}>
              {shownText(run, column)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

function exactText(run: Run, { family, key }: RunColumn): string {
  if (family === 'metrics') return String(run.metrics.get(key)?.value ?? '');
  return run.params.get(key) ?? '';
}

function shownText(run: Run, { family, key }: RunColumn): string {
  if (family !== 'metrics') return run.params.get(key) ?? '–';
  const metric = run.metrics.get(key);
  return metric ? valueText(metric.value) : '–';
}
