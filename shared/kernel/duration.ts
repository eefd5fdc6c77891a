import { AppError } from './errors.ts';

const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** How durations are written in files and on the command line: a whole number and its unit, `90s`, `15m`, `2h`, `7d`. */
export const durationPattern = /^[1-9]\d{0,6}[smhd]$/;

/** Seconds of a duration such as `90s`, `15m`, `2h` or `7d`. Throws InvalidDuration (invalid_input). */
export function durationSeconds(text: string): number {
  if (!durationPattern.test(text)) {
    throw new AppError(
      'invalid_input',
      'InvalidDuration',
      `'${text}' is no duration. Write a whole number and its unit (s, m, h or d), such as 90s, 15m, 2h or 7d.`,
    );
  }
  return Number(text.slice(0, -1)) * unitSeconds[text.at(-1) as keyof typeof unitSeconds];
}

/** The shortest such text: `7200` seconds are `2h`. */
export function durationText(seconds: number): string {
  for (const unit of ['d', 'h', 'm'] as const)
    if (seconds > 0 && seconds % unitSeconds[unit] === 0) return `${seconds / unitSeconds[unit]}${unit}`;
  return `${seconds}s`;
}
