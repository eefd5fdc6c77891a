import type { ChartView } from './chart-view.ts';
import { type XKind, xKinds } from './curve.ts';

const xTitles: Readonly<Record<XKind, string>> = {
  step: 'Step',
  relative: 'Time since the first point',
  wall: 'Time of day',
};

interface ChartControlsProps {
  readonly view: ChartView;
  /** While a slider moves: too often for the address, which browsers let change only so often. */
  readonly onMove: (view: ChartView) => void;
  readonly onChange: (view: ChartView) => void;
}

/** What lies along the axis, how smooth the curves are, and whether their values are drawn by ratio. */
export function ChartControls({ view, onMove, onChange }: ChartControlsProps) {
  return (
    <>
      <label>
        Along the axis
        <select
          value={view.xKind}
          onChange={(event) =>
            onChange({ ...view, xKind: xKinds.find((kind) => kind === event.currentTarget.value) ?? 'step' })
          }
        >
          {xKinds.map((kind) => (
            <option key={kind} value={kind}>
              {xTitles[kind]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Smoothing {view.smoothing.toFixed(2)}
        <input
          type="range"
          min={0}
          max={0.99}
          step={0.01}
          value={view.smoothing}
          onInput={(event) => onMove({ ...view, smoothing: Number(event.currentTarget.value) })}
          onChange={(event) => onChange({ ...view, smoothing: Number(event.currentTarget.value) })}
        />
      </label>
      <label class="check">
        <input
          type="checkbox"
          checked={view.isLog}
          onChange={() => onChange({ ...view, isLog: !view.isLog })}
        />
        Logarithmic
      </label>
    </>
  );
}
