import { waitUntil } from '../durable/wait.ts';
import type { Catcher, ChoiceState, FailState, Retrier, WaitState } from './asl.ts';
import { assertPayloadSize, errorEquals, StateFailure } from './errors.ts';
import { runMap, runParallel } from './run-branches.ts';
import { runTask } from './run-task.ts';
import { evaluateText, Step, type StepValues } from './step.ts';

/** How a state was left: its output, the flow's variables from here on, and where to; `next` is absent at the end. */
export interface Exit {
  readonly output: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly next?: string | undefined;
  readonly lastEventId: number;
}

/** What leaving a state evaluates: its own fields, or those of the choice or catcher that was taken. */
interface Way {
  readonly Next?: string | undefined;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>> | undefined;
}

/** Runs one state with its retries and catchers. */
export async function runState(step: Step): Promise<Exit> {
  for (;;) {
    try {
      await pauseBeforeRetry(step);
      return await attempt(step);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      if (error.error === 'States.QueryEvaluationError') recordEvaluationFailure(step, error);
      if (planRetry(step, error)) continue;
      const catcher = catcherFor(step, error);
      if (catcher === undefined) throw error;
      return leave(step, catcher, { errorOutput: error.errorOutput }, error.errorOutput);
    }
  }
}

async function attempt(step: Step): Promise<Exit> {
  const { run, frame, state } = step;
  switch (state.Type) {
    case 'Task': {
      const result = await runTask(new Step(run, frame, state));
      return leave(step, state, { result }, result);
    }
    case 'Parallel': {
      const result = await runParallel(new Step(run, frame, state));
      return leave(step, state, { result }, result);
    }
    case 'Map': {
      const result = await runMap(new Step(run, frame, state));
      return leave(step, state, { result }, result);
    }
    case 'Choice':
      return leave(step, await choose(step, state), {}, step.checkpoint.input);
    case 'Wait':
      await waitState(step, state);
      return leave(step, state, {}, step.checkpoint.input);
    case 'Fail':
      throw await failure(step, state);
    case 'Pass':
    case 'Succeed':
      return leave(step, state, {}, step.checkpoint.input);
  }
}

/** Output and Assign see the same values: neither sees what the other made. */
async function leave(step: Step, way: Way, values: StepValues, fallback: unknown): Promise<Exit> {
  const output = way.Output === undefined ? fallback : await step.evaluate(way.Output, 'Output', values);
  assertPayloadSize(output, step.name, 'an output');
  const assigned: Record<string, unknown> = {};
  for (const [name, template] of Object.entries(way.Assign ?? {})) {
    assigned[name] = await step.evaluate(template, `Assign/${name}`, values);
  }
  const texts = Object.entries(assigned).map(([name, value]) => [name, JSON.stringify(value)]);
  step.event(`${step.state.Type}StateExited`, [
    'stateExited',
    {
      name: step.name,
      output: JSON.stringify(output),
      outputDetails: { truncated: false },
      ...(texts.length === 0
        ? {}
        : { assignedVariables: Object.fromEntries(texts), assignedVariablesDetails: { truncated: false } }),
    },
  ]);
  const { lastEventId, variables } = step.checkpoint;
  return { output, variables: { ...variables, ...assigned }, next: way.Next, lastEventId };
}

async function choose(step: Step, state: ChoiceState): Promise<Way> {
  for (const [index, rule] of state.Choices.entries()) {
    const taken = await step.evaluate(rule.Condition, `Choices[${index}]/Condition`);
    if (typeof taken !== 'boolean') {
      throw new StateFailure(
        'States.QueryEvaluationError',
        `The Condition of choice ${index} of the state '${step.name}' must be true or false, not ${JSON.stringify(taken)}`,
      );
    }
    if (taken) return rule;
  }
  if (state.Default !== undefined) return { Next: state.Default, Output: state.Output, Assign: state.Assign };
  throw new StateFailure('States.NoChoiceMatched', `No choice of the state '${step.name}' matches its input`);
}

async function waitState(step: Step, state: WaitState): Promise<void> {
  let untilMs = step.checkpoint.resumeAtMs;
  if (untilMs === undefined) {
    untilMs = await waitEnd(step, state);
    step.save({ resumeAtMs: untilMs });
  }
  await waitUntil(untilMs, step.run.now, step.frame.signal);
}

async function waitEnd(step: Step, state: WaitState): Promise<number> {
  if (state.Timestamp === undefined) {
    return step.checkpoint.enteredMs + (await step.evaluateNumber(state.Seconds ?? 0, 'Seconds')) * 1000;
  }
  const text = await evaluateText(step, state.Timestamp, 'Timestamp');
  const timeMs = Date.parse(text);
  if (Number.isNaN(timeMs)) {
    throw new StateFailure(
      'States.QueryEvaluationError',
      `The Timestamp of the state '${step.name}' is no RFC 3339 time: ${text}`,
    );
  }
  return timeMs;
}

async function failure(step: Step, state: FailState): Promise<StateFailure> {
  const error = state.Error === undefined ? undefined : await evaluateText(step, state.Error, 'Error');
  const cause = state.Cause === undefined ? undefined : await evaluateText(step, state.Cause, 'Cause');
  return new StateFailure(error, cause);
}

function recordEvaluationFailure(step: Step, failed: StateFailure): void {
  const details = { error: failed.error, cause: failed.explanation, state: step.name };
  step.event('EvaluationFailed', ['evaluationFailed', details]);
}

async function pauseBeforeRetry(step: Step): Promise<void> {
  const { resumeAtMs, retryCount } = step.checkpoint;
  if (retryCount === 0 || resumeAtMs === undefined) return;
  await waitUntil(resumeAtMs, step.run.now, step.frame.signal);
  step.save({ resumeAtMs: undefined });
}

/** Notes the next attempt, when a retrier takes the error and has attempts left. */
function planRetry(step: Step, failed: StateFailure): boolean {
  const retriers = ('Retry' in step.state ? step.state.Retry : undefined) ?? [];
  const index = retriers.findIndex((retrier) => errorEquals(retrier.ErrorEquals, failed));
  const retrier = retriers[index];
  if (retrier === undefined) return false;
  const taken = step.checkpoint.attempts[index] ?? 0;
  if (taken >= (retrier.MaxAttempts ?? 3)) return false;
  const attempts = retriers.map((_, at) => (step.checkpoint.attempts[at] ?? 0) + (at === index ? 1 : 0));
  const resumeAtMs = step.run.now() + retryDelayMs(retrier, taken, step.run.random());
  const retryCount = step.checkpoint.retryCount + 1;
  step.save({ attempts, retryCount, resumeAtMs, task: undefined, items: undefined }, { dropInner: true });
  return true;
}

/**
 * Milliseconds before an attempt: IntervalSeconds · BackoffRate^taken, at most MaxDelaySeconds; with full jitter any time from 0 to that.
 * @param taken retries before this one
 * @param chance from 0 to 1
 */
export function retryDelayMs(retrier: Retrier, taken: number, chance: number): number {
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** taken;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Number.POSITIVE_INFINITY);
  return seconds * 1000 * (retrier.JitterStrategy === 'FULL' ? chance : 1);
}

function catcherFor(step: Step, failed: StateFailure): Catcher | undefined {
  const catchers = ('Catch' in step.state ? step.state.Catch : undefined) ?? [];
  return catchers.find((catcher) => errorEquals(catcher.ErrorEquals, failed));
}
