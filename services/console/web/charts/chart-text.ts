import { durationText, valueText } from '../text/format.ts';
import type { XKind } from './curve.ts';

/** A place on the axis, in a sentence: `step 120`, `3 min 05 s`, `Nov 19, 2026, 8:25:04 PM`. */
export function placeText(xKind: XKind, x: number): string {
  if (xKind === 'step') return `step ${x}`;
  if (xKind === 'relative') return durationText(x);
  return new Date(x).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
}

/** A place below the axis, short (`10 min`); `spanMs` is the length of the axis, which decides how exact times are. */
export function tickText(xKind: XKind, x: number, spanMs: number): string {
  if (xKind === 'step') return compactText(x);
  if (xKind === 'relative') return x === 0 ? '0' : durationText(x).replace(/ 00 \w+$/, '');
  const day = 86_400_000;
  if (spanMs > 4 * day) return new Date(x).toLocaleDateString(undefined, { month: 'short', day: 'numeric' });
  return new Date(x).toLocaleTimeString(undefined, {
    timeStyle: spanMs > 600_000 ? 'short' : 'medium',
  });
}

/** `1500`, `20k`, `1.5M`; other values as they are. */
export function compactText(value: number): string {
  return Math.abs(value) >= 10_000
    ? value.toLocaleString('en', { notation: 'compact', maximumFractionDigits: 2 })
    : valueText(value);
}
