import { Cron } from 'croner';
import { AwsError } from '../emulated-service.ts';

/** When something scheduled happens. */
export interface Schedule {
  /** The first time after `afterMs`, or undefined when there is none; `anchorMs` is where a rate counts from. */
  next(afterMs: number, anchorMs: number): number | undefined;
  /** Happens once. */
  readonly isOneTime: boolean;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
/** The greatest value of each field of cron(minutes hours day-of-month month day-of-week year). */
const FIELD_MAX = [59, 23, 31, 12, 7, 2199] as const;

/**
 * Reads `rate(…)`, `cron(…)` or `at(…)` as EventBridge writes them.
 * @param timeZone IANA name; cron and at are wall-clock times there
 * @throws AwsError ValidationException that names the expression and its faults
 */
export function parseSchedule(expression: string, timeZone = 'UTC'): Schedule {
  attempt(expression, () => new Intl.DateTimeFormat('en', { timeZone }));
  const [, kind, body = ''] = /^(rate|cron|at)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return parseRate(body, expression);
  if (kind === 'cron') return parseCron(body, expression, timeZone);
  if (kind === 'at') return parseAt(body, expression, timeZone);
  throw invalid(expression, 'write rate(…), cron(…) or at(…)');
}

function parseRate(body: string, expression: string): Schedule {
  const [, count = '', unit = '', plural = ''] = /^(\d+) (minute|hour|day)(s?)$/.exec(body) ?? [];
  const value = Number(count);
  const unitMs = UNIT_MS[unit];
  if (unitMs === undefined || value < 1 || (value === 1) !== (plural === '')) {
    throw invalid(expression, 'write rate(1 minute) or rate(5 minutes); units are minute, hour and day');
  }
  const periodMs = value * unitMs;
  return {
    isOneTime: false,
    next: (afterMs, anchorMs) =>
      anchorMs + (Math.max(0, Math.floor((afterMs - anchorMs) / periodMs)) + 1) * periodMs,
  };
}

function parseCron(body: string, expression: string, timeZone: string): Schedule {
  const fields = body.trim().split(/\s+/);
  if (fields.length !== 6)
    throw invalid(expression, 'cron has six fields: minutes hours day-of-month month day-of-week year');
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw invalid(expression, 'exactly one of day-of-month and day-of-week must be ?');
  }
  // croner wants seconds first, * for ?, and a range before a step.
  const pattern = fields.map((field, index) => {
    const stepped = field.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${FIELD_MAX[index]}/$3`);
    return stepped === '?' ? '*' : stepped;
  });
  const cron = attempt(
    expression,
    () => new Cron(`0 ${pattern.join(' ')}`, { alternativeWeekdays: true, timezone: timeZone }),
  );
  return { isOneTime: false, next: (afterMs) => cron.nextRun(new Date(afterMs))?.getTime() };
}

function parseAt(body: string, expression: string, timeZone: string): Schedule {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body))
    throw invalid(expression, 'write at(yyyy-mm-ddThh:mm:ss)');
  const timeMs = attempt(expression, () =>
    new Cron(body, { timezone: timeZone }).nextRun(new Date(0))?.getTime(),
  );
  return {
    isOneTime: true,
    next: (afterMs) => (timeMs !== undefined && timeMs > afterMs ? timeMs : undefined),
  };
}

function attempt<T>(expression: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw invalid(expression, error instanceof Error ? error.message : String(error));
  }
}

function invalid(expression: string, cure: string): AwsError {
  return new AwsError(
    'ValidationException',
    `Parameter ScheduleExpression is not valid: ${expression}. ${cure}`,
  );
}
