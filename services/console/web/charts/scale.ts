/** Puts values of a domain onto pixels, and names the values that an axis should show. */
export interface Scale {
  (value: number): number;
  /** The value at a pixel. */
  readonly invert: (pixel: number) => number;
  readonly ticks: readonly number[];
}

type Interval = readonly [number, number];

/** Smallest and greatest of the finite values; `[0, 1]` where there is none. */
export function extentOf(values: Iterable<number>): Interval {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > greatest) greatest = value;
  }
  return least <= greatest ? [least, greatest] : [0, 1];
}

/** Equal distances for equal differences. A domain of one value is widened. */
export function linearScale(domain: Interval, range: Interval, count = 5): Scale {
  const [from, to] = widened(domain);
  return scaleOf([from, to], range, linearTicks([from, to], count), {
    forth: (value) => value,
    back: (value) => value,
  });
}

/** Equal distances for equal ratios. The domain must be above 0. */
export function logScale(domain: Interval, range: Interval, count = 5): Scale {
  const [from, to] = domain[0] === domain[1] ? [domain[0] / 2, domain[1] * 2] : domain;
  return scaleOf([from, to], range, logTicks([from, to], count), {
    forth: Math.log10,
    back: (value) => 10 ** value,
  });
}

/** Milliseconds, with ticks at whole seconds, minutes, hours or days. `offsetMs`: how far local midnight is from UTC's. */
export function timeScale(domain: Interval, range: Interval, offsetMs: number, count = 5): Scale {
  const [from, to] = domain[0] === domain[1] ? [domain[0], domain[1] + 1000] : domain;
  const step = timeSteps.find((one) => one * count >= to - from);
  const ticks = step
    ? multiplesIn([from + offsetMs, to + offsetMs], step).map((tick) => tick - offsetMs)
    : linearTicks([from, to], count);
  return scaleOf([from, to], range, ticks, { forth: (value) => value, back: (value) => value });
}

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;
const timeSteps = [
  ...[0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30].map((seconds) => seconds * second),
  ...[1, 2, 5, 10, 30].map((minutes) => minutes * minute),
  ...[1, 2, 3, 6, 12].map((hours) => hours * hour),
  ...[1, 2, 7, 14, 30, 90, 365].map((days) => days * day),
];

interface Bend {
  readonly forth: (value: number) => number;
  readonly back: (value: number) => number;
}

function scaleOf([from, to]: Interval, [start, end]: Interval, ticks: readonly number[], bend: Bend): Scale {
  const low = bend.forth(from);
  const high = bend.forth(to);
  const scale = (value: number) => start + ((bend.forth(value) - low) / (high - low)) * (end - start);
  const invert = (pixel: number) => bend.back(low + ((pixel - start) / (end - start)) * (high - low));
  return Object.assign(scale, { invert, ticks });
}

function widened([from, to]: Interval): Interval {
  if (from !== to) return [from, to];
  const half = Math.abs(from) / 2 || 0.5;
  return [from - half, to + half];
}

/** Steps of 1, 2 or 5 times a power of ten: Paul Heckbert, Nice Numbers for Graph Labels, Graphics Gems (1990). */
function linearTicks([from, to]: Interval, count: number): number[] {
  const rough = (to - from) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((times) => times * power >= rough) ?? 10);
  return multiplesIn([from, to], step);
}

/** Multiples rather than sums: 0.1 added ten times is not 1. */
function multiplesIn([from, to]: Interval, step: number): number[] {
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step))));
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toFixed(decimals)),
  );
}

/** Powers of ten, with their doubles and fivefolds where the powers are few; every second, third … where they are many. */
function logTicks([from, to]: Interval, count: number): number[] {
  if (to / from < 10) return linearTicks([from, to], count);
  const first = Math.floor(Math.log10(from));
  const last = Math.ceil(Math.log10(to));
  const stride = Math.max(1, Math.ceil((last - first) / count));
  const factors = last - first <= 2 ? [1, 2, 5] : [1];
  const ticks: number[] = [];
  for (let power = Math.floor(first / stride) * stride; power <= last; power += stride) {
    for (const factor of factors) ticks.push(Number(`${factor}e${power}`));
  }
  return ticks.filter((tick) => tick >= from * (1 - 1e-9) && tick <= to * (1 + 1e-9));
}
