import type { State } from './asl.ts';
import { StateFailure } from './errors.ts';
import type { Checkpoint } from './execution.ts';
import { type Exit, runState } from './run-state.ts';
import { type Frame, type FrameEnd, type Run, Step } from './step.ts';

/**
 * Runs a flow from where its checkpoint stands, or from its start, to its end.
 * @throws StateFailure when a state fails and nothing catches it; the reason of the frame's signal when that is aborted
 */
export async function runFrame(run: Run, frame: Frame): Promise<FrameEnd> {
  const { execution } = run;
  let checkpoint =
    execution.checkpoint(frame.path) ??
    enter(run, frame, {
      next: frame.flow.StartAt,
      output: frame.input,
      variables: {},
      lastEventId: frame.previousEventId,
    });
  while (checkpoint.ended === undefined) {
    const step = new Step(run, frame, stateOf(frame, checkpoint.state));
    const exit = await runState(step);
    checkpoint =
      exit.next === undefined ? end(run, frame, exit) : enter(run, frame, { ...exit, next: exit.next });
  }
  if ('output' in checkpoint.ended) {
    return { output: checkpoint.ended.output, lastEventId: checkpoint.lastEventId };
  }
  throw new StateFailure(checkpoint.ended.error, checkpoint.ended.cause);
}

function enter(run: Run, frame: Frame, from: Exit & { next: string }): Checkpoint {
  frame.signal.throwIfAborted();
  const { execution } = run;
  const nowMs = run.now();
  const details = { name: from.next, input: JSON.stringify(from.output), inputDetails: { truncated: false } };
  const type = `${stateOf(frame, from.next).Type}StateEntered`;
  const checkpoint: Checkpoint = {
    state: from.next,
    input: from.output,
    variables: from.variables,
    enteredMs: nowMs,
    lastEventId: execution.addEvent(type, from.lastEventId, nowMs, ['stateEntered', details]),
    attempts: [],
    retryCount: 0,
  };
  execution.save(frame.path, checkpoint, { dropInner: true });
  return checkpoint;
}

function end(run: Run, frame: Frame, exit: Exit): Checkpoint {
  const { execution } = run;
  const before = execution.checkpoint(frame.path);
  if (before === undefined) throw new Error(`frame ${frame.path} was not entered`);
  const { task: _task, items: _items, ...rest } = before;
  const checkpoint: Checkpoint = { ...rest, ended: { output: exit.output } };
  execution.save(frame.path, checkpoint, { dropInner: true });
  return checkpoint;
}

function stateOf(frame: Frame, name: string): State {
  const state = frame.flow.States[name];
  if (state === undefined) throw new Error(`the definition has no state ${name}`);
  return state;
}
