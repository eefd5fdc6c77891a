/** `0.4 s`, `42 s`, `3 min 05 s`, `2 h 14 min`, `5 d 3 h`. */
export function durationText(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${String(whole % 60).padStart(2, '0')} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 1440) return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, '0')} min`;
  return `${Math.floor(minutes / 1440)} d ${Math.floor((minutes % 1440) / 60)} h`;
}

/** `in 2 h 14 min`, `3 min 05 s ago`. */
export function distanceText(isoTime: string, nowMs: number): string {
  const distanceMs = Date.parse(isoTime) - nowMs;
  if (Math.abs(distanceMs) < 1000) return 'now';
  const text = durationText(Math.abs(distanceMs));
  return distanceMs > 0 ? `in ${text}` : `${text} ago`;
}

/** A point in time in the reader's own zone and manner. */
export function timeText(isoTime: string): string {
  return new Date(isoTime).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });
}

const instant = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g;

/** Points in time inside a sentence, in the reader's own zone and manner. */
export function withLocalTimes(sentence: string): string {
  return sentence.replaceAll(instant, (isoTime) => timeText(isoTime));
}

/** A measured figure: four decimals while it is small, fewer as it grows, so that figures of a column can be compared. */
export function figureText(value: number): string {
  const size = Math.abs(value);
  if (size >= 1000) return value.toFixed(0);
  if (size >= 10) return value.toFixed(2);
  return size >= 0.00005 || size === 0 ? value.toFixed(4) : value.toExponential(1);
}

/** A p-value: exact where it matters, a bound where it does not. */
export function pValueText(pValue: number): string {
  return pValue < 0.0001 ? '< 0.0001' : pValue.toFixed(4);
}

export function percentText(share: number): string {
  const percent = share * 100;
  return `${percent.toFixed(Number.isInteger(Math.round(percent * 1e6) / 1e6) ? 0 : 1)} %`;
}

/** `mean_radius` as people write it. */
export function wordsOf(name: string): string {
  return name.replaceAll(/[_-]+/g, ' ');
}

/** Enough of a digest to tell it from others by eye. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}

/** `1 row`, `2 rows`. */
export function countText(count: number, noun: string): string {
  return `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
}

/** Any measured value, infinite and undefined ones too: five digits that count. */
export function valueText(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '∞' : '−∞';
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.0001 || size >= 1e9)) return value.toExponential(3);
  return String(Number(value.toPrecision(size >= 1e5 ? 9 : 5)));
}

/** `812 B`, `1.4 MB`: decimal units, as file managers have them. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let size = bytes;
  let unit = 0;
  while (size >= 999.5 && unit < units.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${size.toFixed(unit > 0 && size < 9.95 ? 1 : 0)} ${units[unit]}`;
}
