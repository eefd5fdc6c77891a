import { AwsError, type RuntimeContext } from '../emulated-service.ts';
import { MAX_PAYLOAD_BYTES } from './errors.ts';
import type { Execution, ExecutionHeader, ExecutionOutcome, TaskOutcome } from './execution.ts';
import type { ExecutionStore } from './execution-store.ts';
import { createTaskCaller } from './integrations.ts';
import type { MachineStore } from './machine-store.ts';
import { deadlineMs } from './run-task.ts';
import { Runner } from './runner.ts';
import type { TaskTokens } from './tokens.ts';

/** Executions are started between two prunings of the store. */
const PRUNE_EVERY = 500;
/** AWS lets failed executions be redriven for 14 days. */
const REDRIVE_MS = 14 * 24 * 3600 * 1000;

/** Runs executions: starts, resumes, stops and ends them, and takes in the outcomes of tasks that wait for a token. */
export class Engine {
  readonly #context: RuntimeContext;
  readonly #machines: MachineStore;
  readonly #executions: ExecutionStore;
  readonly #tokens: TaskTokens;
  readonly #runner: Runner;
  #startedCount = 0;

  constructor(
    context: RuntimeContext,
    stores: {
      readonly machines: MachineStore;
      readonly executions: ExecutionStore;
      readonly tokens: TaskTokens;
    },
  ) {
    this.#context = context;
    this.#machines = stores.machines;
    this.#executions = stores.executions;
    this.#tokens = stores.tokens;
    const callTask = createTaskCaller(context, {
      start: (stateMachineArn, name, input) => this.start(stateMachineArn, name, input),
      ended: (executionArn) => this.#ended(executionArn),
    });
    this.#runner = new Runner(context, stores, callTask);
  }

  /**
   * Starts an execution; again with the same name and input while it runs, gives the one that runs.
   * @param input JSON text
   * @throws AwsError StateMachineDoesNotExist, InvalidName, InvalidExecutionInput or ExecutionAlreadyExists
   */
  start(stateMachineArn: string, name: string, input: string): ExecutionHeader {
    const machine = this.#machines.get(stateMachineArn);
    assertName(name);
    assertInput(input);
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    if (this.#executions.summary(executionArn) !== undefined) return this.#existing(executionArn, input);
    const { definitionId, roleArn } = machine;
    const startDateMs = this.#context.now();
    const header = { executionArn, name, stateMachineArn, roleArn, definitionId, input, startDateMs };
    const execution = this.#executions.create(header);
    execution.addEvent('ExecutionStarted', 0, startDateMs, [
      'executionStarted',
      { input, inputDetails: { truncated: false }, roleArn },
    ]);
    this.#startedCount += 1;
    if (this.#startedCount % PRUNE_EVERY === 0) this.#executions.prune(startDateMs);
    this.#runner.announce(execution);
    this.#runner.run(execution);
    return header;
  }

  /** Goes on with every execution that had not ended when the runtime stopped. */
  resume(): void {
    for (const execution of this.#executions.running()) {
      try {
        this.#runner.run(execution);
      } catch (error) {
        // A definition that was accepted by another version of this runtime must not keep the runtime from starting.
        this.#runner.end(execution, 'FAILED', { error: 'States.Runtime', cause: String(error) });
      }
    }
  }

  /** Leaves all executions where they stand; they go on at the next `resume`. */
  async shutdown(): Promise<void> {
    await this.#runner.shutdown();
  }

  /** @throws AwsError ExecutionDoesNotExist */
  stop(executionArn: string, error: string | undefined, cause: string | undefined): ExecutionOutcome {
    const execution = this.open(executionArn);
    if (execution.outcome.status === 'RUNNING') {
      this.#runner.end(execution, 'ABORTED', {
        ...(error === undefined ? {} : { error }),
        ...(cause === undefined ? {} : { cause }),
      });
    }
    return execution.outcome;
  }

  /** Runs a failed execution again from the states that did not succeed. @throws AwsError ExecutionNotRedrivable */
  redrive(executionArn: string): number {
    const execution = this.open(executionArn);
    const { status, stopDateMs = 0, redriveCount } = execution.outcome;
    const nowMs = this.#context.now();
    if (status === 'RUNNING' || status === 'SUCCEEDED' || nowMs > stopDateMs + REDRIVE_MS) {
      throw new AwsError(
        'ExecutionNotRedrivable',
        `Execution is ${status} and cannot be redriven: '${executionArn}'`,
      );
    }
    execution.addEvent('ExecutionRedriven', execution.history.length, nowMs, [
      'executionRedriven',
      { redriveCount: redriveCount + 1 },
    ]);
    execution.setOutcome({ status: 'RUNNING', redriveCount: redriveCount + 1, redriveDateMs: nowMs });
    execution.reopenFrames();
    this.#executions.record(execution);
    this.#runner.announce(execution);
    this.#runner.run(execution);
    return nowMs;
  }

  /** @throws AwsError ExecutionDoesNotExist */
  open(executionArn: string): Execution {
    const execution = this.#executions.open(executionArn);
    if (execution !== undefined) return execution;
    throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${executionArn}'`);
  }

  /** Ends a task that waits for this token. @throws AwsError InvalidToken or TaskTimedOut */
  completeTask(token: string, outcome: TaskOutcome): void {
    this.#changeTask(token, { outcome });
  }

  /** Notes a sign of life. @throws AwsError InvalidToken or TaskTimedOut */
  heartbeat(token: string): void {
    this.#changeTask(token, { heartbeatMs: this.#context.now() });
  }

  #changeTask(token: string, change: { outcome: TaskOutcome } | { heartbeatMs: number }): void {
    const { executionArn, path } = this.#tokens.read(token);
    const execution = this.#executions.openRunning(executionArn);
    const checkpoint = execution?.checkpoint(path);
    const task = checkpoint?.task;
    const isWaiting =
      task?.token === token && task.outcome === undefined && this.#context.now() < deadlineMs(task);
    if (execution === undefined || checkpoint === undefined || !isWaiting) {
      throw new AwsError('TaskTimedOut', "Task Timed Out: 'Provided task does not exist anymore'");
    }
    execution.save(path, { ...checkpoint, task: { ...task, ...change } });
    execution.notify(path);
  }

  #existing(executionArn: string, input: string): ExecutionHeader {
    const { header, outcome } = this.open(executionArn);
    if (outcome.status === 'RUNNING' && header.input === input) return header;
    throw new AwsError('ExecutionAlreadyExists', `Execution Already Exists: '${executionArn}'`);
  }

  async #ended(executionArn: string): Promise<Execution> {
    if (this.open(executionArn).outcome.status === 'RUNNING') {
      await this.#runner.whenEnded(executionArn);
    }
    return this.open(executionArn);
  }
}

/** 1 to 80 characters, without white space, brackets, wildcards and what AWS calls special characters. */
function assertName(name: string): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are among those that AWS refuses
  if (/^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/.test(name)) return;
  throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
}

function assertInput(input: string): void {
  if (Buffer.byteLength(input) > MAX_PAYLOAD_BYTES) {
    throw new AwsError(
      'ValidationException',
      `Value at 'input' failed to satisfy constraint: Member must have length less than or equal to ${MAX_PAYLOAD_BYTES}`,
    );
  }
  try {
    JSON.parse(input);
  } catch {
    throw new AwsError(
      'InvalidExecutionInput',
      `Invalid State Machine Execution Input: '${input.slice(0, 200)}'`,
    );
  }
}
