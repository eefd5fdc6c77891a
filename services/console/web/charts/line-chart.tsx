import type { ComponentChildren } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Axes, edge } from './axes.tsx';
import { compactText, placeText, tickText } from './chart-text.ts';
import { type Curve, nearestIndex, pathOf, placesOf, type XKind } from './curve.ts';
import { inkClass } from './ink.ts';
import { Readout } from './readout.tsx';
import { extentOf, linearScale, logScale, type Scale, timeScale } from './scale.ts';
import { useWidth } from './use-width.ts';

interface LineChartProps {
  readonly title: string;
  readonly curves: readonly Curve[];
  readonly xKind: XKind;
  readonly isLog: boolean;
  /** In pixels. */
  readonly height: number;
}

/** Curves over one axis. The pointer or the arrow keys read their values; the list below says them. */
export function LineChart({ title, curves, xKind, isLog, height }: LineChartProps) {
  const { ref, width } = useWidth<HTMLElement>(320);
  const [place, setPlace] = useState<number>();
  const places = useMemo(() => placesOf(curves), [curves]);
  const { xScale, yScale, spanMs } = useMemo(
    () => scalesOf({ curves, xKind, isLog, width, height }),
    [curves, xKind, isLog, width, height],
  );
  const at = place === undefined ? places.length - 1 : nearestIndex(places, place);
  const x = places[at];
  const step = (by: number) => setPlace(places[Math.max(0, Math.min(places.length - 1, at + by))]);
  return (
    <figure class="chart" ref={ref}>
      <figcaption>{title}</figcaption>
      <Cursor
        title={title}
        at={at}
        count={places.length}
        text={x === undefined ? 'no point' : readingText(curves, xKind, x)}
        onStep={step}
        onLeave={() => setPlace(undefined)}
        onPoint={(pixel) => setPlace(xScale.invert(pixel))}
      >
        <svg width={width} height={height} aria-hidden="true">
          <Axes
            xScale={xScale}
            yScale={yScale}
            width={width}
            height={height}
            xText={(tick) => tickText(xKind, tick, spanMs)}
          />
          <Lines curves={curves} xScale={xScale} yScale={yScale} />
          {place !== undefined && x !== undefined && (
            <Marks curves={curves} x={x} xScale={xScale} yScale={yScale} height={height} />
          )}
        </svg>
      </Cursor>
      <Readout curves={curves} x={x} xKind={xKind} />
    </figure>
  );
}

interface Drawn {
  readonly curves: readonly Curve[];
  readonly xKind: XKind;
  readonly isLog: boolean;
  readonly width: number;
  readonly height: number;
}

function scalesOf({ curves, xKind, isLog, width, height }: Drawn) {
  const xDomain = extentOf(curves.flatMap(({ xs }) => xs));
  const xRange = [edge.left, width - edge.right] as const;
  const yRange = [height - edge.bottom, edge.top] as const;
  const ticksAcross = Math.max(2, Math.floor(width / 110));
  const offsetMs = xKind === 'wall' ? -new Date(xDomain[0]).getTimezoneOffset() * 60_000 : 0;
  const xScale =
    xKind === 'step'
      ? linearScale(xDomain, xRange, ticksAcross)
      : timeScale(xDomain, xRange, offsetMs, ticksAcross);
  const values = curves.flatMap(({ ys, rawYs }) => rawYs ?? ys);
  const ticksUp = Math.max(2, Math.floor(height / 45));
  const positive = values.filter((value) => value > 0);
  const isDrawnLog = isLog && positive.length > 0;
  const yScale = isDrawnLog
    ? logScale(extentOf(positive), yRange, ticksUp)
    : linearScale(extentOf(values), yRange, ticksUp);
  return { xScale, yScale, spanMs: xDomain[1] - xDomain[0] };
}

/** All values at a place, for those who listen. */
function readingText(curves: readonly Curve[], xKind: XKind, x: number): string {
  const values = curves.map(({ label, xs, ys }) => {
    const value = ys[nearestIndex(xs, x)];
    return `${label} ${value === undefined ? 'none' : compactText(value)}`;
  });
  return `${placeText(xKind, x)}: ${values.join(', ')}`;
}

interface CursorProps {
  readonly title: string;
  readonly at: number;
  readonly count: number;
  readonly text: string;
  readonly onStep: (by: number) => void;
  readonly onPoint: (pixel: number) => void;
  readonly onLeave: () => void;
  readonly children: ComponentChildren;
}

/** Where the curves are read: a slider, for pointers and for keys. */
function Cursor({ title, at, count, text, onStep, onPoint, onLeave, children }: CursorProps) {
  const big = Math.max(1, Math.round(count / 10));
  const stepOf: Readonly<Record<string, number>> = {
    ArrowLeft: -1,
    ArrowRight: 1,
    PageDown: -big,
    PageUp: big,
    Home: -count,
    End: count,
  };
  return (
    <div
      class="cursor"
      role="slider"
      tabIndex={0}
      aria-label={`Read ${title}`}
      aria-valuemin={0}
      aria-valuemax={Math.max(0, count - 1)}
      aria-valuenow={Math.max(0, at)}
      aria-valuetext={text}
      onPointerMove={(event) => onPoint(event.clientX - event.currentTarget.getBoundingClientRect().left)}
      onPointerLeave={onLeave}
      onBlur={onLeave}
      onKeyDown={(event) => {
        const step = stepOf[event.key];
        if (step === undefined) return;
        event.preventDefault();
        onStep(step);
      }}
    >
      {children}
    </div>
  );
}

interface Scales {
  readonly xScale: Scale;
  readonly yScale: Scale;
}

function Lines({ curves, xScale, yScale }: Scales & { curves: readonly Curve[] }) {
  return (
    <>
      {curves.map(({ id, ink, xs, rawYs }) =>
        rawYs ? (
          <path key={id} class={`line raw ${inkClass(ink)}`} d={pathOf(xs, rawYs, xScale, yScale)} />
        ) : null,
      )}
      {curves.map(({ id, ink, xs, ys }) => (
        <path key={id} class={`line ${inkClass(ink)}`} d={pathOf(xs, ys, xScale, yScale)} />
      ))}
    </>
  );
}

interface MarksProps extends Scales {
  readonly curves: readonly Curve[];
  readonly x: number;
  readonly height: number;
}

function Marks({ curves, x, xScale, yScale, height }: MarksProps) {
  return (
    <g>
      <line class="at" x1={xScale(x)} x2={xScale(x)} y1={edge.top} y2={height - edge.bottom} />
      {curves.map(({ id, ink, xs, ys }) => {
        const index = nearestIndex(xs, x);
        const y = index < 0 ? Number.NaN : yScale(ys[index]!);
        return Number.isFinite(y) ? (
          <circle key={id} class={inkClass(ink)} cx={xScale(xs[index]!)} cy={y} r={3.5} />
        ) : null;
      })}
    </g>
  );
}
