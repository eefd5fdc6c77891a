import type { Flow, State } from './asl.ts';
import { assertPayloadSize, StateFailure } from './errors.ts';
import type { Checkpoint, Execution } from './execution.ts';
import { type Bindings, evaluate, expressionSource } from './query.ts';
import type { TaskResource } from './resource.ts';

/** A call that a Task state makes. */
export interface TaskCall {
  readonly arguments: unknown;
  readonly attemptId: string;
  readonly executionName: string;
  readonly roleArn: string;
  /** The called has taken the work on, with this answer; its result follows. */
  accepted(output: unknown): void;
}

/** What one running execution has at hand. */
export interface Run {
  readonly execution: Execution;
  readonly machineName: string;
  readonly region: string;
  now(): number;
  /** Evenly from 0 to 1, for jitter. */
  random(): number;
  newId(): string;
  mintToken(executionArn: string, path: string): string;
  /** Rejects with StateFailure when the task fails. */
  callTask(resource: TaskResource, call: TaskCall): Promise<unknown>;
  /** Runs a flow to its end; given here so that states with inner flows need not know the interpreter's loop. */
  runFrame(frame: Frame): Promise<FrameEnd>;
}

/** A flow under way; where it stands is in the execution under its path. */
export interface Frame {
  readonly path: string;
  readonly flow: Flow;
  readonly input: unknown;
  /** Variables of the flows around it: readable, not assignable. */
  readonly outer: Readonly<Record<string, unknown>>;
  readonly mapItem?: MapItem;
  readonly previousEventId: number;
  /** Aborted when the flow must stop: its execution ended, a sibling failed, or the runtime shuts down. */
  readonly signal: AbortSignal;
}

export interface FrameEnd {
  readonly output: unknown;
  readonly lastEventId: number;
}

/** An iteration of a Map: `$states.context.Map.Item`. */
export interface MapItem {
  readonly Index: number;
  readonly Value: unknown;
}

/** `$states.result` and `$states.errorOutput`, where the state has them. */
export interface StepValues {
  readonly result?: unknown;
  readonly errorOutput?: unknown;
}

/** The state that a frame is in: its checkpoint, its events and the expressions evaluated in it. */
export class Step<S extends State = State> {
  readonly run: Run;
  readonly frame: Frame;
  readonly state: S;

  constructor(run: Run, frame: Frame, state: S) {
    this.run = run;
    this.frame = frame;
    this.state = state;
  }

  get checkpoint(): Checkpoint {
    const checkpoint = this.run.execution.checkpoint(this.frame.path);
    if (checkpoint === undefined) throw new Error(`frame ${this.frame.path} was not entered`);
    return checkpoint;
  }

  get name(): string {
    return this.checkpoint.state;
  }

  /** Adds a history event after the frame's last one. */
  event(type: string, details?: readonly [string, Readonly<Record<string, unknown>>]): void {
    const { execution } = this.run;
    // A flow that was told to stop leaves no more traces, even when it is between two waits.
    this.frame.signal.throwIfAborted();
    const lastEventId = execution.addEvent(type, this.checkpoint.lastEventId, this.run.now(), details);
    execution.update(this.frame.path, { ...this.checkpoint, lastEventId });
  }

  /** Changes the checkpoint and writes it with all events since. */
  save(patch: Partial<Checkpoint>, options?: { dropInner: boolean }): void {
    this.frame.signal.throwIfAborted();
    this.run.execution.save(this.frame.path, { ...this.checkpoint, ...patch }, options);
  }

  /** Variables that inner flows can read. */
  get variables(): Readonly<Record<string, unknown>> {
    return { ...this.frame.outer, ...this.checkpoint.variables };
  }

  /** Evaluates a field of the state. @throws StateFailure States.QueryEvaluationError or States.DataLimitExceeded */
  async evaluate(template: unknown, location: string, values: StepValues = {}): Promise<unknown> {
    return this.#evaluate(template, location, values, this.frame.mapItem);
  }

  /** Evaluates a Map's ItemSelector for one of its items. */
  async evaluateForItem(template: unknown, item: MapItem): Promise<unknown> {
    return this.#evaluate(template, 'ItemSelector', {}, item);
  }

  async #evaluate(template: unknown, location: string, values: StepValues, item?: MapItem): Promise<unknown> {
    const bindings: Bindings = {
      ...this.variables,
      states: { input: this.checkpoint.input, ...values, context: this.#contextObject(item) },
    };
    const value = await evaluate(template, bindings, location);
    assertPayloadSize(value, this.name, `a value for the field '${location}'`);
    return value;
  }

  /** A field that must be a number, written as one or as an expression. */
  async evaluateNumber(template: number | string, location: string): Promise<number>;
  async evaluateNumber(template: number | string | undefined, location: string): Promise<number | undefined>;
  async evaluateNumber(template: number | string | undefined, location: string): Promise<number | undefined> {
    if (template === undefined) return undefined;
    const value = await this.evaluate(template, location);
    if (typeof value === 'number' && value >= 0) return value;
    throw new StateFailure(
      'States.QueryEvaluationError',
      `The field '${location}' of the state '${this.name}' must be a number of at least 0, not ${JSON.stringify(value)}`,
    );
  }

  #contextObject(item: MapItem | undefined): Readonly<Record<string, unknown>> {
    const { header, outcome } = this.run.execution;
    const { checkpoint } = this;
    const redrive = outcome.redriveDateMs;
    return {
      Execution: {
        Id: header.executionArn,
        Name: header.name,
        Input: JSON.parse(header.input) as unknown,
        StartTime: new Date(header.startDateMs).toISOString(),
        RoleArn: header.roleArn,
        RedriveCount: outcome.redriveCount,
        ...(redrive === undefined ? {} : { RedriveTime: new Date(redrive).toISOString() }),
      },
      State: {
        Name: checkpoint.state,
        EnteredTime: new Date(checkpoint.enteredMs).toISOString(),
        RetryCount: checkpoint.retryCount,
      },
      StateMachine: { Id: header.stateMachineArn, Name: this.run.machineName },
      ...(checkpoint.task?.token === undefined ? {} : { Task: { Token: checkpoint.task.token } }),
      ...(item === undefined ? {} : { Map: { Item: item } }),
    };
  }
}

/** A literal or an expression that must become text. */
export async function evaluateText(step: Step, template: string, location: string): Promise<string> {
  const value = await step.evaluate(template, location);
  if (typeof value === 'string') return value;
  const source = expressionSource(template) ?? template;
  throw new StateFailure(
    'States.QueryEvaluationError',
    `The JSONata expression '${source.trim()}' specified for the field '${location}' must return a string`,
  );
}
