import path from 'node:path';
import { callAt } from '../durable/wait.ts';
import type { RuntimeContext } from '../emulated-service.ts';
import { DeliveryQueue } from '../events/delivery.ts';
import { parseSchedule } from '../events/schedule-expression.ts';
import { callTarget } from '../events/target.ts';
import { type InvocationTarget, invocationOf } from './invocation.ts';
import type { Schedule, ScheduleStore } from './schedule-store.ts';

/**
 * Invokes the targets of schedules at their times. What a recurring schedule missed while the runtime was stopped stays missed; a one-time
 * schedule is made up for, as nothing would come after it.
 */
export class AlarmClock {
  readonly #context: RuntimeContext;
  readonly #schedules: ScheduleStore;
  readonly #queue: DeliveryQueue<InvocationTarget>;
  readonly #cancels = new Map<string, () => void>();
  #isRunning = false;

  constructor(context: RuntimeContext, schedules: ScheduleStore) {
    this.#context = context;
    this.#schedules = schedules;
    const file = path.join(context.folder('scheduler'), 'deliveries.jsonl');
    this.#queue = new DeliveryQueue<InvocationTarget>(context, 'scheduler', file, {
      send: ({ target, payload }) =>
        callTarget(context, target, payload, {
          service: 'scheduler.amazonaws.com',
          sourceArn: target.scheduleArn,
          executionName: target.executionId,
        }),
      givenUp: ({ target }) => this.#count('InvocationDroppedCount', target.scheduleArn),
    });
  }

  load(): void {
    this.#queue.load();
  }

  resume(): void {
    this.#isRunning = true;
    this.#queue.resume();
    for (const schedule of this.#schedules.schedules()) this.rearm(schedule.arn);
  }

  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const cancel of this.#cancels.values()) cancel();
    this.#cancels.clear();
    await this.#queue.stop();
  }

  /** Takes up a schedule that is new or changed, or lets go of one that is gone. */
  rearm(arn: string): void {
    this.#cancels.get(arn)?.();
    this.#cancels.delete(arn);
    const schedule = this.#schedules.find(arn);
    if (!this.#isRunning || schedule === undefined || !schedule.isEnabled) return;
    const timeMs = nextTime(schedule, this.#context.now());
    if (timeMs === undefined) return;
    this.#cancels.set(
      arn,
      callAt(timeMs, this.#context.now, () => this.#fire(schedule, timeMs)),
    );
  }

  #fire(schedule: Schedule, timeMs: number): void {
    this.#queue.add([invocationOf(schedule, timeMs, this.#context)]);
    this.#count('InvocationAttemptCount', schedule.arn);
    const fired = { ...schedule, lastFiredMs: timeMs };
    if (schedule.isDeletedAfterCompletion && nextTime(fired, this.#context.now()) === undefined) {
      this.#schedules.remove(schedule.arn);
    } else {
      this.#schedules.put(fired);
    }
    this.rearm(schedule.arn);
  }

  #count(name: 'InvocationAttemptCount' | 'InvocationDroppedCount', scheduleArn: string): void {
    const ScheduleGroup = scheduleArn.split('/').at(-2) ?? '';
    this.#context.cloudwatch.putMetricData('AWS/Scheduler', [
      { name, value: 1, unit: 'Count', dimensions: { ScheduleGroup } },
    ]);
  }
}

/** When a schedule invokes next; undefined when it is through. */
function nextTime(schedule: Schedule, nowMs: number): number | undefined {
  const { expression, timeZone, startMs, endMs, createdMs, modifiedMs, lastFiredMs } = schedule;
  const times = parseSchedule(expression, timeZone);
  if (times.isOneTime) {
    return times.next(Math.max(modifiedMs, lastFiredMs ?? 0), createdMs);
  }
  // A rate invokes first at its start date; `next` gives times strictly after.
  const notBefore = startMs === undefined ? nowMs : Math.max(nowMs, startMs - 1);
  const anchor = startMs ?? createdMs;
  const isFirst = expression.startsWith('rate') && startMs !== undefined && startMs > nowMs;
  const timeMs = isFirst ? startMs : times.next(notBefore, anchor);
  return timeMs === undefined || (endMs !== undefined && timeMs > endMs) ? undefined : timeMs;
}
