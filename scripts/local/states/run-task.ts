import { waitUntil } from '../durable/wait.ts';
import type { TaskState } from './asl.ts';
import { assertPayloadSize, StateFailure } from './errors.ts';
import type { TaskCheckpoint } from './execution.ts';
import { parseResource, type TaskResource, waitsForToken } from './resource.ts';
import type { Step } from './step.ts';
import { type TaskEvents, taskEvents } from './task-events.ts';

/** Runs a Task state once: schedules it, or takes up what was scheduled before a restart, and waits for its end. */
export async function runTask(step: Step<TaskState>): Promise<unknown> {
  const resource = parseResource(step.state.Resource);
  if (resource === undefined) throw new Error(`unsupported resource ${step.state.Resource}`);
  const events = taskEvents(step.state.Resource, resource, step.run.region);
  const task = step.checkpoint.task ?? (await schedule(step, resource, events));
  try {
    const result = await follow(step, resource, events, task);
    assertPayloadSize(result, step.name, 'a result');
    step.event(...events.succeeded(JSON.stringify(result)));
    return result;
  } catch (error) {
    if (error instanceof StateFailure) {
      const isTimeout = error.error === 'States.Timeout' || error.error === 'States.HeartbeatTimeout';
      step.event(...(isTimeout ? events.timedOut(error) : events.failed(error)));
    }
    throw error;
  }
}

async function schedule(
  step: Step<TaskState>,
  resource: TaskResource,
  events: TaskEvents,
): Promise<TaskCheckpoint> {
  const { run, frame, state } = step;
  const { TimeoutSeconds, HeartbeatSeconds } = state;
  const nowMs = run.now();
  const before: TaskCheckpoint = {
    arguments: null,
    token: waitsForToken(resource) ? run.mintToken(run.execution.header.executionArn, frame.path) : undefined,
    attemptId: run.newId(),
    startedMs: nowMs,
    heartbeatMs: nowMs,
    timeoutSeconds: await step.evaluateNumber(TimeoutSeconds, 'TimeoutSeconds'),
    heartbeatSeconds: await step.evaluateNumber(HeartbeatSeconds, 'HeartbeatSeconds'),
    submitted: false,
  };
  // The token must be in the context object while the Arguments are evaluated.
  run.execution.update(frame.path, { ...step.checkpoint, task: before });
  const given =
    state.Arguments === undefined ? step.checkpoint.input : await step.evaluate(state.Arguments, 'Arguments');
  const task = { ...before, arguments: given };
  step.event(...events.scheduled(JSON.stringify(given), task));
  step.event(...events.started());
  step.save({ task });
  return task;
}

type Happening =
  | { readonly kind: 'answered'; readonly value: unknown }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'changed' | 'overdue' };

/** Waits for the answer of the call or, for a task with a token, for the outcome that someone reports. */
async function follow(
  step: Step<TaskState>,
  resource: TaskResource,
  events: TaskEvents,
  task: TaskCheckpoint,
): Promise<unknown> {
  const { run, frame } = step;
  const abandoned = new AbortController();
  const signal = AbortSignal.any([frame.signal, abandoned.signal]);
  const submit = (output: unknown) => {
    if (step.checkpoint.task?.submitted !== false) return;
    step.event(...events.submitted(JSON.stringify(output)));
    step.save({ task: { ...step.checkpoint.task, submitted: true } });
  };
  const isOpen = task.token === undefined || !task.submitted;
  let call = isOpen ? observe(callTask(step, resource, task, signal, submit)) : undefined;
  try {
    for (;;) {
      const current = step.checkpoint.task ?? task;
      if (current.outcome !== undefined) return settle(current.outcome);
      const happening = await first(step, call, deadlineMs(current), signal);
      if (happening.kind === 'overdue') throwIfOverdue(step, step.checkpoint.task ?? task);
      if (happening.kind === 'failed') throw happening.error;
      if (happening.kind === 'answered') {
        if (task.token === undefined) return happening.value;
        call = undefined;
        submit(happening.value);
      }
    }
  } finally {
    abandoned.abort(new Error(`the state ${step.name} no longer waits in ${run.execution.header.name}`));
  }
}

function callTask(
  step: Step<TaskState>,
  resource: TaskResource,
  task: TaskCheckpoint,
  signal: AbortSignal,
  accepted: (output: unknown) => void,
): Promise<unknown> {
  const { header } = step.run.execution;
  return step.run.callTask(resource, {
    arguments: task.arguments,
    attemptId: task.attemptId,
    executionName: header.name,
    roleArn: header.roleArn,
    accepted: (output) => {
      if (!signal.aborted) accepted(output);
    },
  });
}

function observe(call: Promise<unknown>): Promise<Happening> {
  return call.then(
    (value) => ({ kind: 'answered', value }),
    (error: unknown) => ({ kind: 'failed', error }),
  );
}

async function first(
  step: Step,
  call: Promise<Happening> | undefined,
  untilMs: number,
  signal: AbortSignal,
): Promise<Happening> {
  const settled = new AbortController();
  const timer = waitUntil(untilMs, step.run.now, AbortSignal.any([signal, settled.signal]));
  const changed = step.run.execution.notified(step.frame.path);
  const candidates: Promise<Happening>[] = [
    changed.then(() => ({ kind: 'changed' })),
    timer.then(() => ({ kind: 'overdue' })),
  ];
  try {
    return await Promise.race(call === undefined ? candidates : [call, ...candidates]);
  } finally {
    settled.abort();
  }
}

function settle(outcome: NonNullable<TaskCheckpoint['outcome']>): unknown {
  if ('output' in outcome) return outcome.output;
  throw new StateFailure(outcome.error, outcome.cause);
}

/** When the task fails unless something happens: its timeout, or for a token the next missed heartbeat. */
export function deadlineMs(task: TaskCheckpoint): number {
  const never = Number.POSITIVE_INFINITY;
  const timeoutMs = task.timeoutSeconds === undefined ? never : task.startedMs + task.timeoutSeconds * 1000;
  if (task.token === undefined || task.heartbeatSeconds === undefined) return timeoutMs;
  return Math.min(timeoutMs, task.heartbeatMs + task.heartbeatSeconds * 1000);
}

function throwIfOverdue(step: Step, task: TaskCheckpoint): void {
  const nowMs = step.run.now();
  if (nowMs < deadlineMs(task)) return;
  const timeoutMs = (task.timeoutSeconds ?? Number.POSITIVE_INFINITY) * 1000;
  if (nowMs >= task.startedMs + timeoutMs) {
    throw new StateFailure('States.Timeout', `The task ran longer than its ${task.timeoutSeconds} s`);
  }
  throw new StateFailure(
    'States.HeartbeatTimeout',
    `The task sent no heartbeat for ${task.heartbeatSeconds} s`,
  );
}
