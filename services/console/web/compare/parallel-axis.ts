import type { Run } from '../api/mlflow-entities.ts';
import { extentOf, linearScale } from '../charts/scale.ts';
import type { RunColumn } from '../runs/columns.ts';
import { valueText } from '../text/format.ts';
import { isNumeric, runValue } from './run-values.ts';

/** One of the axes that stand beside each other. */
export interface ParallelAxis {
  readonly column: RunColumn;
  /** Height of a run's value in pixels from the top; undefined where it has none. */
  readonly heightOf: (run: Run) => number | undefined;
  readonly ticks: readonly { readonly text: string; readonly y: number }[];
}

/** Numbers lie where they belong; texts lie at equal distances, by name. */
export function parallelAxis(
  column: RunColumn,
  runs: readonly Run[],
  [bottom, top]: readonly [number, number],
): ParallelAxis {
  if (isNumeric(runs, column)) {
    const numbers = runs.map((run) => runValue(run, column)).filter((value) => typeof value === 'number');
    const scale = linearScale(extentOf(numbers), [bottom, top], 4);
    return {
      column,
      heightOf: (run) => {
        const value = runValue(run, column);
        return typeof value === 'number' ? scale(value) : undefined;
      },
      ticks: scale.ticks.map((tick) => ({ text: valueText(tick), y: scale(tick) })),
    };
  }
  const texts = [
    ...new Set(runs.map((run) => textOf(run, column)).filter((text) => text !== undefined)),
  ].sort();
  const yOf = (text: string) => bottom + ((texts.indexOf(text) + 0.5) / texts.length) * (top - bottom);
  return {
    column,
    heightOf: (run) => {
      const text = textOf(run, column);
      return text === undefined ? undefined : yOf(text);
    },
    ticks: texts.map((text) => ({ text, y: yOf(text) })),
  };
}

function textOf(run: Run, column: RunColumn): string | undefined {
  const value = runValue(run, column);
  return value === undefined ? undefined : String(value);
}

/** A path over all axes; it is broken where a run has no value. */
export function parallelPath(run: Run, axes: readonly ParallelAxis[], xOf: (axis: number) => number): string {
  let isDrawing = false;
  return axes
    .map(({ heightOf }, index) => {
      const y = heightOf(run);
      const command = isDrawing ? 'L' : 'M';
      isDrawing = y !== undefined;
      return y === undefined ? '' : `${command}${xOf(index).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
