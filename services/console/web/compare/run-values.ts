import type { Run } from '../api/mlflow-entities.ts';
import { columnName, type RunColumn } from '../runs/columns.ts';

/** What a run has for a param or a metric: a number where it reads as one. */
export function runValue(run: Run, { family, key }: RunColumn): number | string | undefined {
  if (family === 'metrics') return run.metrics.get(key)?.value;
  const text = family === 'params' ? run.params.get(key) : undefined;
  if (text === undefined || text.trim() === '') return text;
  const number = Number(text);
  return Number.isNaN(number) ? text : number;
}

/** Params and metrics of any of the runs, params first, by name. */
export function comparedColumns(runs: readonly Run[]): RunColumn[] {
  return (['params', 'metrics'] as const).flatMap((family) =>
    [...new Set(runs.flatMap((run) => [...run[family].keys()]))]
      .sort()
      .map((key): RunColumn => ({ family, key })),
  );
}

export const isDifferent = (runs: readonly Run[], column: RunColumn): boolean =>
  new Set(runs.map((run) => runValue(run, column))).size > 1;

/** Whether all runs that have it have a finite number, and one does. */
export function isNumeric(runs: readonly Run[], column: RunColumn): boolean {
  const values = runs.map((run) => runValue(run, column)).filter((value) => value !== undefined);
  return values.length > 0 && values.every((value) => typeof value === 'number' && Number.isFinite(value));
}

/** So many axes stand beside each other until somebody chooses. */
const axesUnasked = 8;

/** What the runs differ in: the metrics, and before them as many params as there is room for. */
export function axesOf(runs: readonly Run[]): RunColumn[] {
  const different = comparedColumns(runs).filter((column) => isDifferent(runs, column));
  const metrics = different
    .filter((column) => column.family === 'metrics' && isNumeric(runs, column))
    .slice(0, axesUnasked / 2);
  const params = different.filter(({ family }) => family === 'params').slice(0, axesUnasked - metrics.length);
  return [...params, ...metrics];
}

export const sameColumn = (one: RunColumn, other: RunColumn): boolean =>
  columnName(one) === columnName(other);
