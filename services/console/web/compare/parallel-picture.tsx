import { useMemo, useState } from 'preact/hooks';
import type { Run } from '../api/mlflow-entities.ts';
import { inkClass } from '../charts/ink.ts';
import { useWidth } from '../charts/use-width.ts';
import { columnName, columnTitle, type RunColumn } from '../runs/columns.ts';
import { parallelAxis, parallelPath } from './parallel-axis.ts';
import { RunLegend } from './run-legend.tsx';

interface ParallelPictureProps {
  readonly runs: readonly Run[];
  readonly axes: readonly RunColumn[];
}

const height = 280;
const floor = height - 12;
const ceiling = 40;
const side = 46;
/** Axes nearer than this cannot be read; the picture scrolls then. */
const leastPitch = 96;
const longestTick = 12;

/** Each run is a line over all axes. The list below names the lines and brings one forward. */
export function ParallelPicture({ runs, axes: columns }: ParallelPictureProps) {
  const { ref, width: seen } = useWidth<HTMLElement>(640);
  const [forward, setForward] = useState<string>();
  const width = Math.max(seen, 2 * side + (columns.length - 1) * leastPitch);
  const axes = useMemo(
    () => columns.map((column) => parallelAxis(column, runs, [floor, ceiling])),
    [columns.map(columnName).join(), runs],
  );
  const xOf = (index: number) =>
    axes.length === 1 ? width / 2 : side + (index / (axes.length - 1)) * (width - 2 * side);
  return (
    <figure class="chart parallel">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
      <section class="scroll" ref={ref} tabIndex={0} aria-label="Parallel coordinates">
        <svg
          width={width}
          height={height}
          role="img"
          aria-label="Each run as a line over its params and metrics; the table below has the values"
        >
          {axes.map((axis, index) => (
            <g key={columnName(axis.column)} class="axes" transform={`translate(${xOf(index)} 0)`}>
              <line class="axis" y1={ceiling} y2={floor} />
              <text class="title" y={index % 2 === 0 ? 14 : 28} text-anchor="middle">
                <title>{columnName(axis.column)}</title>
                {shortened(columnTitle(axis.column), 22)}
              </text>
            </g>
          ))}
          {runs.map((run, ink) => (
            <path
              key={run.runId}
              class={`line ${inkClass(ink)} ${forward && forward !== run.runId ? 'back' : ''}`}
              d={parallelPath(run, axes, xOf)}
            />
          ))}
          {axes.map(({ column, ticks }, index) => (
            <g key={columnName(column)} class="axes" transform={`translate(${xOf(index)} 0)`}>
              {ticks.map(({ text, y }) => (
                <text key={text} class="tick" x={6} y={y + 4}>
                  {shortened(text, longestTick)}
                </text>
              ))}
            </g>
          ))}
        </svg>
      </section>
      <RunLegend runs={runs} onForward={setForward} />
    </figure>
  );
}

const shortened = (text: string, most: number): string =>
  text.length > most ? `…${text.slice(1 - most)}` : text;
