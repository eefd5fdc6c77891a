import { randomUUID } from 'node:crypto';
import { callAt } from '../durable/wait.ts';
import type { RuntimeContext } from '../emulated-service.ts';
import { announceStatus } from './announce.ts';
import { StateFailure } from './errors.ts';
import type { Execution, ExecutionOutcome } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import type { MachineStore } from './machine-store.ts';
import { runFrame } from './run-frame.ts';
import type { Run } from './step.ts';
import type { TaskTokens } from './tokens.ts';

const END_EVENTS = {
  SUCCEEDED: ['ExecutionSucceeded', 'executionSucceeded'],
  FAILED: ['ExecutionFailed', 'executionFailed'],
  TIMED_OUT: ['ExecutionTimedOut', 'executionTimedOut'],
  ABORTED: ['ExecutionAborted', 'executionAborted'],
} as const;

/** Runs the flows of executions in this process and records how they end. */
export class Runner {
  readonly #context: RuntimeContext;
  readonly #machines: MachineStore;
  readonly #executions: ExecutionStore;
  readonly #tokens: TaskTokens;
  readonly #callTask: Run['callTask'];
  readonly #stops = new Map<string, AbortController>();
  readonly #flows = new Set<Promise<void>>();
  readonly #endListeners = new Map<string, (() => void)[]>();

  constructor(
    context: RuntimeContext,
    stores: {
      readonly machines: MachineStore;
      readonly executions: ExecutionStore;
      readonly tokens: TaskTokens;
    },
    callTask: Run['callTask'],
  ) {
    this.#context = context;
    this.#machines = stores.machines;
    this.#executions = stores.executions;
    this.#tokens = stores.tokens;
    this.#callTask = callTask;
  }

  /** Runs an execution from where it stands; its first checkpoint is written when this returns. */
  run(execution: Execution): void {
    const { executionArn } = execution.header;
    const stop = new AbortController();
    this.#stops.set(executionArn, stop);
    const cancelTimeout = this.#armTimeout(execution);
    const flow = this.#flow(execution, stop.signal).finally(() => {
      cancelTimeout();
      this.#flows.delete(flow);
      if (this.#stops.get(executionArn) === stop) this.#stops.delete(executionArn);
    });
    this.#flows.add(flow);
  }

  /** Stops all flows where they stand; their executions stay RUNNING. */
  async shutdown(): Promise<void> {
    for (const stop of this.#stops.values()) stop.abort(new Error('the runtime shuts down'));
    await Promise.all(this.#flows);
  }

  /** Ends an execution, stops its flows and tells who waits for it. */
  end(
    execution: Execution,
    status: keyof typeof END_EVENTS,
    result: Pick<ExecutionOutcome, 'output' | 'error' | 'cause'>,
  ): void {
    const nowMs = this.#context.now();
    const [type, detailsName] = END_EVENTS[status];
    const details = status === 'SUCCEEDED' ? { ...result, outputDetails: { truncated: false } } : result;
    const lastEventId = execution.checkpoint('')?.lastEventId ?? execution.history.length;
    execution.addEvent(type, lastEventId, nowMs, [detailsName, details]);
    const { redriveCount, redriveDateMs } = execution.outcome;
    const redriven = redriveDateMs === undefined ? {} : { redriveDateMs };
    execution.setOutcome({ status, stopDateMs: nowMs, ...result, redriveCount, ...redriven });
    this.#executions.record(execution);
    const { executionArn } = execution.header;
    this.#stops.get(executionArn)?.abort(new Error(`the execution is ${status}`));
    this.announce(execution);
    for (const listener of this.#endListeners.get(executionArn) ?? []) listener();
    this.#endListeners.delete(executionArn);
  }

  /** Resolves when an execution ends that runs now. */
  whenEnded(executionArn: string): Promise<void> {
    return new Promise((resolve) => {
      this.#endListeners.set(executionArn, [...(this.#endListeners.get(executionArn) ?? []), resolve]);
    });
  }

  /** Publishes the status; best effort, as AWS does it. */
  announce(execution: Execution): void {
    announceStatus(this.#context, execution).catch((error: unknown) => {
      this.#context.log('states', 'the status of an execution could not be published', {
        error: String(error),
      });
    });
  }

  async #flow(execution: Execution, signal: AbortSignal): Promise<void> {
    const machine = this.#machines.parsed(execution.header.definitionId);
    try {
      const input: unknown = JSON.parse(execution.header.input);
      const frame = { path: '', flow: machine, input, outer: {}, previousEventId: 0, signal };
      const { output } = await runFrame(this.#runOf(execution), frame);
      this.end(execution, 'SUCCEEDED', { output: JSON.stringify(output) });
    } catch (error) {
      if (signal.aborted) return;
      this.end(execution, 'FAILED', failureMembers(this.#asFailure(execution, error)));
    }
  }

  #asFailure(execution: Execution, error: unknown): StateFailure {
    if (error instanceof StateFailure) return error;
    const message = error instanceof Error ? error.message : String(error);
    const stack = error instanceof Error ? error.stack : undefined;
    this.#context.log('states', 'the interpreter failed', {
      execution: execution.header.executionArn,
      stack,
    });
    return new StateFailure('States.Runtime', message);
  }

  #runOf(execution: Execution): Run {
    const run: Run = {
      execution,
      machineName: execution.header.stateMachineArn.split(':').at(-1) ?? '',
      region: this.#context.region,
      now: this.#context.now,
      random: Math.random,
      newId: randomUUID,
      mintToken: (executionArn, path) => this.#tokens.mint({ executionArn, path }),
      callTask: this.#callTask,
      runFrame: (frame) => runFrame(run, frame),
    };
    return run;
  }

  #armTimeout(execution: Execution): () => void {
    const { TimeoutSeconds } = this.#machines.parsed(execution.header.definitionId);
    if (TimeoutSeconds === undefined) return () => undefined;
    const fromMs = execution.outcome.redriveDateMs ?? execution.header.startDateMs;
    return callAt(fromMs + TimeoutSeconds * 1000, this.#context.now, () => {
      if (execution.outcome.status === 'RUNNING') this.end(execution, 'TIMED_OUT', {});
    });
  }
}

function failureMembers(failure: StateFailure): Pick<ExecutionOutcome, 'error' | 'cause'> {
  return {
    ...(failure.error === undefined ? {} : { error: failure.error }),
    ...(failure.explanation === undefined ? {} : { cause: failure.explanation }),
  };
}
