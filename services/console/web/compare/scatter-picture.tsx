import { useState } from 'preact/hooks';
import type { Run } from '../api/mlflow-entities.ts';
import { Axes, edge } from '../charts/axes.tsx';
import { compactText } from '../charts/chart-text.ts';
import { inkClass } from '../charts/ink.ts';
import { extentOf, linearScale } from '../charts/scale.ts';
import { useWidth } from '../charts/use-width.ts';
import { addressOf } from '../routes.ts';
import { columnTitle, type RunColumn } from '../runs/columns.ts';
import { valueText } from '../text/format.ts';
import { runValue } from './run-values.ts';

interface ScatterPictureProps {
  readonly runs: readonly Run[];
  readonly across: RunColumn;
  readonly up: RunColumn;
}

const height = 300;
/** Room for points at the edges, as a share of the whole. */
const air = 0.06;

/** Each run as a point. Points lead to their runs, and the line below says what is at one. */
export function ScatterPicture({ runs, across, up }: ScatterPictureProps) {
  const { ref, width } = useWidth<HTMLElement>(640);
  const [pointed, setPointed] = useState<string>();
  const points = runs.flatMap((run, ink) => {
    const [x, y] = [runValue(run, across), runValue(run, up)];
    return typeof x === 'number' && typeof y === 'number' && Number.isFinite(x) && Number.isFinite(y)
      ? [{ run, ink, x, y }]
      : [];
  });
  const xScale = linearScale(
    airy(points.map(({ x }) => x)),
    [edge.left, width - edge.right],
    Math.max(2, Math.floor(width / 110)),
  );
  const yScale = linearScale(airy(points.map(({ y }) => y)), [height - edge.bottom, edge.top], 6);
  const textOf = ({ run, x, y }: (typeof points)[number]) =>
    `${run.runName}: ${columnTitle(across)} ${valueText(x)}, ${columnTitle(up)} ${valueText(y)}`;
  const shown = points.find(({ run }) => run.runId === pointed);
  return (
    <figure class="chart" ref={ref}>
      <figcaption class="muted">
        {columnTitle(up)} (up) over {columnTitle(across)} (across)
      </figcaption>
      <svg width={width} height={height}>
        <title>{`${columnTitle(up)} over ${columnTitle(across)}`}</title>
        <Axes xScale={xScale} yScale={yScale} width={width} height={height} xText={compactText} />
        {points.map((point) => (
          <a
            key={point.run.runId}
            href={addressOf.run(point.run.runId)}
            aria-label={textOf(point)}
            onPointerEnter={() => setPointed(point.run.runId)}
            onPointerLeave={() => setPointed(undefined)}
            onFocus={() => setPointed(point.run.runId)}
            onBlur={() => setPointed(undefined)}
          >
            <circle
              class={inkClass(point.ink)}
              cx={xScale(point.x)}
              cy={yScale(point.y)}
              r={point.run.runId === pointed ? 8 : 6}
            />
          </a>
        ))}
      </svg>
      <p class="readout">
        {shown ? (
          textOf(shown)
        ) : (
          <span class="muted">
            {points.length} of {runs.length} runs have both values.
          </span>
        )}
      </p>
    </figure>
  );
}

function airy(values: readonly number[]): readonly [number, number] {
  const [from, to] = extentOf(values);
  return [from - (to - from) * air, to + (to - from) * air];
}
