import { valueText } from '../text/format.ts';
import { placeText } from './chart-text.ts';
import { type Curve, nearestIndex, type XKind } from './curve.ts';
import { inkClass } from './ink.ts';

interface ReadoutProps {
  readonly curves: readonly Curve[];
  /** Undefined while there is no point at all. */
  readonly x: number | undefined;
  readonly xKind: XKind;
}

/** Which line is whose, and the values where the curves are read: at the end, until somebody points elsewhere. */
export function Readout({ curves, x, xKind }: ReadoutProps) {
  if (x === undefined) return <p class="muted readout">No point yet.</p>;
  return (
    <div class="readout">
      <p class="muted">{placeText(xKind, x)}</p>
      <ul>
        {curves.map((curve) => (
          <Reading key={curve.id} curve={curve} x={x} />
        ))}
      </ul>
    </div>
  );
}

function Reading({ curve: { label, ink, xs, ys }, x }: { curve: Curve; x: number }) {
  const value = ys[nearestIndex(xs, x)];
  return (
    <li>
      <svg width={22} height={10} aria-hidden="true">
        <path class={`line ${inkClass(ink)}`} d="M1 5H21" />
      </svg>
      <span class="of">{label}</span>
      <strong>{value === undefined ? '–' : valueText(value)}</strong>
    </li>
  );
}
