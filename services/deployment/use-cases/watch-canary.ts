import type { Alarms, ReleaseStore, TaskTokens } from '../ports.ts';

export interface WatchCanaryDeps {
  readonly store: ReleaseStore;
  readonly alarms: Alarms;
  readonly tokens: TaskTokens;
}

/** The error that the release machine catches. */
const canaryAlarm = 'CanaryAlarm';

/** Keeps the token for the moment that an alarm fires, then looks whether one fired already. */
export async function watchCanary(
  deps: WatchCanaryDeps,
  alarmNames: readonly string[],
  taskToken: string,
): Promise<void> {
  await deps.store.saveAlarmToken(alarmNames, taskToken);
  const firing = await firingAlarms(deps.alarms, alarmNames);
  if (firing.length > 0) await deps.tokens.fail(taskToken, canaryAlarm, `In ALARM: ${firing.join(', ')}`);
}

/** An alarm of ours went to ALARM: whoever watches it is told. One that nobody watches any more is none of our business. */
export async function reportAlarm(
  deps: Pick<WatchCanaryDeps, 'store' | 'tokens'>,
  alarmName: string,
  reason: string,
): Promise<void> {
  const watch = await deps.store.readAlarmWatch(alarmName);
  if (watch?.taskToken)
    await deps.tokens.fail(watch.taskToken, canaryAlarm, `In ALARM: ${alarmName}. ${reason}`);
}

/** At the end of the bake. An alarm that is missing could not have fired: that fails too. */
export async function judgeCanary(deps: Pick<WatchCanaryDeps, 'alarms'>, alarmNames: readonly string[]) {
  const states = await deps.alarms.states(alarmNames);
  const missing = alarmNames.filter((name) => !states.has(name));
  if (missing.length > 0)
    return {
      verdict: 'Fail' as const,
      reason: `Alarms are missing, so nothing watched the canary: ${missing.join(', ')}`,
      alarms: missing,
    };
  const firing = alarmNames.filter((name) => states.get(name) === 'ALARM');
  if (firing.length > 0)
    return {
      verdict: 'Fail' as const,
      reason: `In ALARM at the end of the bake: ${firing.join(', ')}`,
      alarms: firing,
    };
  return { verdict: 'Pass' as const, reason: 'No alarm fired.', alarms: [] };
}

async function firingAlarms(alarms: Alarms, alarmNames: readonly string[]): Promise<string[]> {
  const states = await alarms.states(alarmNames);
  return alarmNames.filter((name) => states.get(name) === 'ALARM');
}
