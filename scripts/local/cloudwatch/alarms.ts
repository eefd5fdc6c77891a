import { AwsError, type RuntimeContext } from '../emulated-service.ts';
import { announce } from './alarm-actions.ts';
import { type AlarmConfig, breachIsFinal, isBreaching, queriesOf } from './alarm-config.ts';
import { type AlarmState, type Datapoint, evaluate, extraPeriods } from './alarm-evaluation.ts';
import { readAlarmFile, writeAlarmFile } from './alarm-file.ts';
import type { AlarmStatus } from './alarm-messages.ts';
import { metricIdOf, QueryPlan } from './metric-query.ts';
import { type MetricStore, seriesKey } from './metric-store.ts';

/** Data of a period still arrives when it has ended: log lines and requests in flight. */
const graceMs = 250;
/** New data within this time is evaluated together. */
const debounceMs = 100;

/** An alarm with the state it is in. */
export interface Alarm {
  readonly config: AlarmConfig;
  readonly arn: string;
  readonly configuredAtMs: number;
  readonly status: AlarmStatus;
}

interface Entry extends Alarm {
  readonly plan: QueryPlan;
  readonly seriesKeys: ReadonlySet<string>;
}

/** Calls a function once after a delay in milliseconds; returns how to call it off. */
export type Schedule = (delayMs: number, run: () => void) => () => void;

/**
 * The alarms, evaluated when new data comes and at the end of each period as long as their window holds data; a quiet alarm costs
 * nothing. Complete periods count, and the running one where its breach cannot be undone any more.
 */
export class Alarms {
  readonly #entries = new Map<string, Entry>();
  readonly #context: RuntimeContext;
  readonly #store: MetricStore;
  readonly #file: string;
  readonly #schedule: Schedule;
  readonly #timers = new Map<string, { readonly atMs: number; readonly cancel: () => void }>();

  constructor(context: RuntimeContext, store: MetricStore, file: string, schedule: Schedule) {
    this.#context = context;
    this.#store = store;
    this.#file = file;
    this.#schedule = schedule;
  }

  /** @throws Error naming the file when it is damaged */
  load(): void {
    for (const { config, configuredAtMs, status } of readAlarmFile(this.#file)) {
      this.#entries.set(config.AlarmName, this.#entry(config, configuredAtMs, status));
    }
  }

  /** Evaluates all alarms once; those with data go on by themselves. */
  resume(): void {
    for (const name of this.#entries.keys()) this.#wake(name, 0);
  }

  stop(): void {
    for (const { cancel } of this.#timers.values()) cancel();
    this.#timers.clear();
  }

  list(): readonly Alarm[] {
    return [...this.#entries.values()].sort((a, b) => (a.config.AlarmName < b.config.AlarmName ? -1 : 1));
  }

  arnOf(name: string): string {
    return `arn:aws:cloudwatch:${this.#context.region}:${this.#context.accountId}:alarm:${name}`;
  }

  /** Creates or changes an alarm; its state stays. */
  put(config: AlarmConfig): Alarm {
    const before = this.#entries.get(config.AlarmName);
    const nowMs = this.#context.now();
    const isSame = before !== undefined && JSON.stringify(before.config) === JSON.stringify(config);
    const status: AlarmStatus = before?.status ?? {
      state: 'INSUFFICIENT_DATA',
      reason: 'Unchecked: Initial alarm creation',
      reasonData: '{}',
      updatedAtMs: nowMs,
    };
    const entry = this.#entry(config, isSame ? before.configuredAtMs : nowMs, status);
    this.#entries.set(config.AlarmName, entry);
    this.#save();
    this.#wake(config.AlarmName, debounceMs);
    return entry;
  }

  /** @throws AwsError ResourceNotFound (404) naming the first unknown alarm, before any is deleted */
  delete(names: readonly string[]): void {
    for (const name of names) this.#get(name);
    for (const name of names) {
      this.#entries.delete(name);
      this.#timers.get(name)?.cancel();
      this.#timers.delete(name);
    }
    this.#save();
  }

  /** Sets a state by hand; the next evaluation may change it. @throws AwsError ResourceNotFound (404) */
  setState(name: string, state: AlarmState, reason: string, reasonData: string): void {
    this.#get(name);
    this.#transit(name, { state, reason, reasonData, updatedAtMs: this.#context.now() });
    this.#wake(name, debounceMs);
  }

  setActionsEnabled(names: readonly string[], enabled: boolean): void {
    for (const name of names) {
      const entry = this.#entries.get(name);
      if (entry === undefined) continue;
      this.#entries.set(name, { ...entry, config: { ...entry.config, ActionsEnabled: enabled } });
    }
    this.#save();
  }

  /** New data came for a series. */
  onData(key: string): void {
    for (const [name, entry] of this.#entries) if (entry.seriesKeys.has(key)) this.#wake(name, debounceMs);
  }

  #entry(config: AlarmConfig, configuredAtMs: number, status: AlarmStatus): Entry {
    const queries = queriesOf(config);
    const seriesKeys = queries.flatMap(({ MetricStat }) =>
      MetricStat === undefined ? [] : [seriesKey(metricIdOf(MetricStat.Metric))],
    );
    return {
      config,
      configuredAtMs,
      status,
      arn: this.arnOf(config.AlarmName),
      plan: new QueryPlan(queries, this.#store),
      seriesKeys: new Set(seriesKeys),
    };
  }

  #get(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw new AwsError('ResourceNotFound', `Alarm ${name} does not exist.`, 404);
    return entry;
  }

  /** Plans the next evaluation; an earlier plan stands. */
  #wake(name: string, delayMs: number): void {
    const atMs = this.#context.now() + delayMs;
    const planned = this.#timers.get(name);
    if (planned !== undefined && planned.atMs <= atMs) return;
    planned?.cancel();
    const cancel = this.#schedule(delayMs, () => {
      this.#timers.delete(name);
      this.#evaluate(name);
    });
    this.#timers.set(name, { atMs, cancel });
  }

  #evaluate(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    const query = entry.plan.queries.find(({ ReturnData }) => ReturnData);
    if (query === undefined) return;
    const nowMs = this.#context.now();
    const periodMs = entry.plan.periodSeconds(query) * 1000;
    const openStartMs = Math.floor(nowMs / periodMs) * periodMs;
    const pointAt = (startMs: number): Datapoint => ({ startMs, value: entry.plan.valueAt(query, startMs) });
    const open = pointAt(openStartMs);
    const count = entry.config.EvaluationPeriods + extraPeriods;
    const complete = Array.from({ length: count }, (_, age) => pointAt(openStartMs - (age + 1) * periodMs));
    const countsOpen =
      open.value !== undefined && breachIsFinal(entry.config) && isBreaching(entry.config, open.value);
    const verdict = evaluate(entry.config, (countsOpen ? [open, ...complete] : complete).slice(0, count));
    if (verdict.state !== undefined && verdict.state !== entry.status.state) {
      const reasonData = JSON.stringify({
        version: '1.0',
        queryDate: new Date(nowMs).toISOString(),
        period: periodMs / 1000,
        recentDatapoints: verdict.recent.map(({ value }) => value),
        threshold: entry.config.Threshold,
      });
      this.#transit(name, { state: verdict.state, reason: verdict.reason, reasonData, updatedAtMs: nowMs });
    }
    const hasData = [open, ...complete].some(({ value }) => value !== undefined);
    if (hasData) this.#wake(name, openStartMs + periodMs + graceMs - nowMs);
  }

  #transit(name: string, after: AlarmStatus): void {
    const entry = this.#get(name);
    const before = entry.status;
    this.#entries.set(name, { ...entry, status: after });
    this.#save();
    if (before.state === after.state) return;
    const { config, arn, configuredAtMs } = entry;
    announce(this.#context, { alarm: config, alarmArn: arn, configuredAtMs, before, after });
  }

  #save(): void {
    writeAlarmFile(this.#file, this.list());
  }
}
