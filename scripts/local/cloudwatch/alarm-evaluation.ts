import { type AlarmConfig, isBreaching } from './alarm-config.ts';

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** The value of a period; undefined where no data came. */
export interface Datapoint {
  readonly startMs: number;
  readonly value: number | undefined;
}

/** What an evaluation found; without a state the alarm keeps the one it has. */
export interface Verdict {
  readonly state?: AlarmState;
  readonly reason: string;
  /** The data points that were compared, newest first. */
  readonly recent: readonly Datapoint[];
}

/** Besides its evaluation periods an alarm looks this many periods further back for data that came late or was missing. */
export const extraPeriods = 2;

/**
 * Decides an alarm's state from its periods, newest first, `EvaluationPeriods + extraPeriods` of them ("Configuring how CloudWatch
 * alarms treat missing data" and "Alarm evaluation", CloudWatch User Guide).
 */
export function evaluate(alarm: AlarmConfig, periods: readonly Datapoint[]): Verdict {
  const needed = alarm.EvaluationPeriods;
  const required = alarm.DatapointsToAlarm ?? needed;
  const real = periods.filter(({ value }) => value !== undefined).slice(0, needed);
  const breaching = real.filter(({ value }) => isBreaching(alarm, value ?? 0));
  const missing = needed - real.length;
  const filledBreaching = breaching.length + (alarm.TreatMissingData === 'breaching' ? missing : 0);
  const verdict = (state: AlarmState): Verdict => ({
    state,
    recent: real,
    reason: reasonFor(alarm, state, real, breaching.length),
  });

  if (missing === 0 || alarm.TreatMissingData === 'breaching' || alarm.TreatMissingData === 'notBreaching') {
    return verdict(filledBreaching >= required ? 'ALARM' : 'OK');
  }
  if (breaching.length >= required) return verdict('ALARM');
  if (real.length > breaching.length) return verdict('OK');
  if (alarm.TreatMissingData === 'ignore') return { recent: real, reason: 'missing data is ignored' };
  if (real.length === 0) return verdict('INSUFFICIENT_DATA');
  return isOldBreach(periods, needed, required)
    ? verdict('ALARM')
    : { recent: real, reason: 'too few data points to decide' };
}

/**
 * With only breaching data points left, the alarm fires when the oldest of them is at least as old as the data points it needs: had the
 * missing ones come, too few periods would be left to wait for.
 */
function isOldBreach(periods: readonly Datapoint[], needed: number, required: number): boolean {
  const oldest = periods.slice(0, needed).findLastIndex(({ value }) => value !== undefined);
  return oldest + 1 >= required;
}

/** The reason in CloudWatch's words. */
function reasonFor(
  alarm: AlarmConfig,
  state: AlarmState,
  real: readonly Datapoint[],
  breaching: number,
): string {
  const name = alarm.ComparisonOperator.replace('Threshold', '')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const missing = alarm.EvaluationPeriods - real.length;
  const treated = {
    breaching: 'Breaching',
    notBreaching: 'NonBreaching',
    ignore: 'Missing',
    missing: 'Missing',
  };
  const unknown = `${missing} missing datapoint${missing === 1 ? ' was' : 's were'} treated as [${treated[alarm.TreatMissingData]}]`;
  if (state === 'INSUFFICIENT_DATA') {
    return `Insufficient Data: ${missing} datapoint${missing === 1 ? ' was' : 's were'} unknown.`;
  }
  const shown = real.map(({ value, startMs }) => `${value} (${shortTime(startMs)})`).join(', ');
  const count = state === 'ALARM' ? breaching : real.length - breaching;
  const verb = state === 'ALARM' ? name : `not ${name}`;
  const known = `${count} out of the last ${alarm.EvaluationPeriods} datapoints [${shown}] ${count === 1 ? 'was' : 'were'} ${verb} the threshold (${alarm.Threshold})`;
  if (real.length === 0)
    return `Threshold Crossed: no datapoints were received for ${missing} period${missing === 1 ? '' : 's'} and ${unknown}.`;
  return `Threshold Crossed: ${known}${missing > 0 ? `; ${unknown}` : ''}.`;
}

/** Time as the reasons write it: `25/03/26 10:00:00`. */
function shortTime(timeMs: number): string {
  const [, year, month, day, time] =
    /^\d\d(\d\d)-(\d\d)-(\d\d)T(.{8})/.exec(new Date(timeMs).toISOString()) ?? [];
  return `${day}/${month}/${year} ${time}`;
}
