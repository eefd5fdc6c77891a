import type { MapState, ParallelState } from './asl.ts';
import { assertPayloadSize, StateFailure } from './errors.ts';
import { Siblings } from './siblings.ts';
import type { Frame, Step } from './step.ts';

/** Step Functions runs at most this many iterations of an inline Map at once. */
const MAX_INLINE_CONCURRENCY = 40;

/** Runs all branches at once; the result is the list of their outputs. The first that fails stops the others. */
export async function runParallel(step: Step<ParallelState>): Promise<unknown[]> {
  const { run, frame, state } = step;
  const input =
    state.Arguments === undefined ? step.checkpoint.input : await step.evaluate(state.Arguments, 'Arguments');
  if (!isUnderWay(step)) announce(step, 'ParallelStateStarted');
  const { variables } = step;
  const previousEventId = step.checkpoint.lastEventId;
  const siblings = new Siblings(frame.signal);
  const outputs = await siblings
    .runAll(state.Branches.length, state.Branches.length, async (index, signal) => {
      const flow = state.Branches[index];
      if (flow === undefined) throw new Error(`branch ${index} does not exist`);
      const branch: Frame = {
        path: `${frame.path}/${index}`,
        flow,
        input,
        outer: variables,
        previousEventId,
        signal,
        ...itemOf(frame),
      };
      return (await run.runFrame(branch)).output;
    })
    .catch((error: unknown) => {
      if (error instanceof StateFailure) step.event('ParallelStateFailed');
      throw error;
    });
  assertPayloadSize(outputs, step.name, 'a result');
  step.event('ParallelStateSucceeded');
  return outputs;
}

/** Runs the item processor for each item; the result is the list of outputs, without those of tolerated failures. */
export async function runMap(step: Step<MapState>): Promise<unknown[]> {
  const { state } = step;
  const items = step.checkpoint.items ?? (await itemsOf(step));
  const concurrency = await limitOf(step, state.MaxConcurrency, 'MaxConcurrency', MAX_INLINE_CONCURRENCY);
  const tolerated = await toleratedFailures(step, items.length);
  if (step.checkpoint.items === undefined) {
    step.event('MapStateStarted', ['mapStateStarted', { length: items.length }]);
    step.save({ items });
  }
  const outputs = await runIterations(step, items, concurrency, tolerated).catch((error: unknown) => {
    if (error instanceof StateFailure) step.event('MapStateFailed');
    throw error;
  });
  assertPayloadSize(outputs, step.name, 'a result');
  step.event('MapStateSucceeded');
  return outputs;
}

async function runIterations(
  step: Step<MapState>,
  items: readonly unknown[],
  concurrency: number,
  tolerated: number,
): Promise<unknown[]> {
  const failures: StateFailure[] = [];
  const siblings = new Siblings(step.frame.signal);
  const failed = Symbol('failed');
  const outputs = await siblings.runAll(items.length, concurrency, async (index, signal) => {
    try {
      return await runIteration(step, items[index], index, signal);
    } catch (error) {
      if (!(error instanceof StateFailure)) throw error;
      failures.push(error);
      if (tolerated === 0) throw error;
      if (failures.length <= tolerated) return failed;
      throw new StateFailure(
        'States.ExceedToleratedFailureThreshold',
        'The specified tolerated failure threshold was exceeded',
      );
    }
  });
  return outputs.filter((output) => output !== failed);
}

async function runIteration(
  step: Step<MapState>,
  value: unknown,
  index: number,
  signal: AbortSignal,
): Promise<unknown> {
  const { run, frame, state } = step;
  const path = `${frame.path}/${index}`;
  const about = ['mapIterationStarted', { name: step.name, index }] as const;
  const isUnderWay = run.execution.checkpoint(path) !== undefined;
  const startedId = isUnderWay
    ? step.checkpoint.lastEventId
    : run.execution.addEvent('MapIterationStarted', step.checkpoint.lastEventId, run.now(), about);
  const iteration = {
    path,
    flow: state.ItemProcessor,
    outer: step.variables,
    mapItem: { Index: index, Value: value },
    previousEventId: startedId,
    signal,
  };
  try {
    const selector = state.ItemSelector;
    const input =
      selector === undefined || isUnderWay ? value : await step.evaluateForItem(selector, iteration.mapItem);
    const end = await run.runFrame({ ...iteration, input });
    signal.throwIfAborted();
    run.execution.addEvent('MapIterationSucceeded', end.lastEventId, run.now(), [
      'mapIterationSucceeded',
      { name: step.name, index },
    ]);
    return end.output;
  } catch (error) {
    if (error instanceof StateFailure && !signal.aborted) noteFailure(step, path, index, startedId, error);
    throw error;
  }
}

/** A failed iteration stays failed over a restart: it is not run again where failures are tolerated. */
function noteFailure(
  step: Step,
  path: string,
  index: number,
  startedId: number,
  failure: StateFailure,
): void {
  const { execution, now } = step.run;
  const checkpoint = execution.checkpoint(path);
  if (checkpoint?.ended !== undefined) return;
  const previousEventId = checkpoint?.lastEventId ?? startedId;
  execution.addEvent('MapIterationFailed', previousEventId, now(), [
    'mapIterationFailed',
    { name: step.name, index },
  ]);
  if (checkpoint === undefined) return;
  const { error, explanation } = failure;
  const ended = {
    ...(error === undefined ? {} : { error }),
    ...(explanation === undefined ? {} : { cause: explanation }),
  };
  execution.save(path, { ...checkpoint, ended });
}

async function itemsOf(step: Step<MapState>): Promise<unknown[]> {
  const { Items } = step.state;
  const items = Items === undefined ? step.checkpoint.input : await step.evaluate(Items, 'Items');
  if (Array.isArray(items)) return items;
  throw new StateFailure(
    'States.QueryEvaluationError',
    `The items of the Map state '${step.name}' must be an array, not ${JSON.stringify(items)?.slice(0, 80)}`,
  );
}

/** A limit of which 0 and absence mean the greatest. */
async function limitOf(
  step: Step,
  template: number | string | undefined,
  field: string,
  most: number,
): Promise<number> {
  const limit = template === undefined ? 0 : await step.evaluateNumber(template, field);
  return limit === 0 ? most : Math.min(limit, most);
}

/** How many iterations may fail: the smaller of what count and percentage allow, none when neither is given. */
async function toleratedFailures(step: Step<MapState>, itemCount: number): Promise<number> {
  const { ToleratedFailureCount, ToleratedFailurePercentage } = step.state;
  const limits: number[] = [];
  if (ToleratedFailureCount !== undefined) {
    limits.push(await step.evaluateNumber(ToleratedFailureCount, 'ToleratedFailureCount'));
  }
  if (ToleratedFailurePercentage !== undefined) {
    const percentage = await step.evaluateNumber(ToleratedFailurePercentage, 'ToleratedFailurePercentage');
    limits.push(Math.floor((itemCount * percentage) / 100));
  }
  return limits.length === 0 ? 0 : Math.min(...limits);
}

function isUnderWay(step: Step): boolean {
  return step.run.execution.checkpoint(`${step.frame.path}/0`) !== undefined;
}

function announce(step: Step, type: string): void {
  step.event(type);
  step.save({});
}

function itemOf(frame: Frame): Pick<Frame, 'mapItem'> | Record<string, never> {
  return frame.mapItem === undefined ? {} : { mapItem: frame.mapItem };
}
