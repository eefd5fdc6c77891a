import { Journal } from '../durable/journal.ts';
import { MAX_HISTORY_EVENTS, StateFailure } from './errors.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

/** What is fixed when an execution starts. */
export interface ExecutionHeader {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly roleArn: string;
  /** The definition it runs to its end, whatever the machine becomes meanwhile. */
  readonly definitionId: string;
  /** JSON text. */
  readonly input: string;
  readonly startDateMs: number;
}

/** How an execution stands or ended. */
export interface ExecutionOutcome {
  readonly status: ExecutionStatus;
  readonly stopDateMs?: number;
  /** JSON text. */
  readonly output?: string;
  readonly error?: string;
  readonly cause?: string;
  readonly redriveCount: number;
  readonly redriveDateMs?: number;
}

/** An event of the history in the form of GetExecutionHistory, details included; `timestamp` is in seconds. */
export interface HistoryEvent {
  readonly id: number;
  readonly previousEventId: number;
  readonly type: string;
  readonly timestamp: number;
  readonly [details: `${string}EventDetails`]: unknown;
}

/** How a task ended that waits for its token. */
export type TaskOutcome =
  | { readonly output: unknown }
  | { readonly error: string | undefined; readonly cause: string | undefined };

/** A task that was scheduled. */
export interface TaskCheckpoint {
  readonly arguments: unknown;
  readonly token?: string | undefined;
  /** Unique to this attempt; names what the task starts, so that a repeated call starts nothing twice. */
  readonly attemptId: string;
  readonly startedMs: number;
  readonly heartbeatMs: number;
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
  /** The call that hands over the token was answered; it is not made again. */
  readonly submitted: boolean;
  readonly outcome?: TaskOutcome;
}

/** Where a flow stands: enough to go on after a restart without doing finished work again. */
export interface Checkpoint {
  readonly state: string;
  readonly input: unknown;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly enteredMs: number;
  readonly lastEventId: number;
  /** Retries taken so far, by position of the retrier. */
  readonly attempts: readonly number[];
  readonly retryCount: number;
  /** End of a Wait, or of the pause before a retry. */
  readonly resumeAtMs?: number | undefined;
  readonly task?: TaskCheckpoint | undefined;
  /** Inputs of a Map's iterations. */
  readonly items?: readonly unknown[] | undefined;
  /** The flow is through. */
  readonly ended?: { readonly output: unknown } | { readonly error?: string; readonly cause?: string };
}

interface Entry {
  readonly header?: ExecutionHeader;
  readonly outcome?: ExecutionOutcome;
  readonly events?: readonly HistoryEvent[];
  readonly frames?: Readonly<Record<string, Checkpoint>>;
  /** Frames below these paths are gone. */
  readonly dropped?: readonly string[];
}

/**
 * One execution, kept in memory and in its own journal. A frame is a flow under way: the machine itself (path `''`), a branch or
 * an iteration (`<path of the flow around it>/<index>`).
 */
export class Execution {
  readonly header: ExecutionHeader;
  readonly #journal: Journal<Entry>;
  readonly #events: HistoryEvent[] = [];
  readonly #frames = new Map<string, Checkpoint>();
  readonly #listeners = new Map<string, () => void>();
  #unwritten: HistoryEvent[] = [];
  #outcome: ExecutionOutcome = { status: 'RUNNING', redriveCount: 0 };

  private constructor(header: ExecutionHeader, journal: Journal<Entry>) {
    this.header = header;
    this.#journal = journal;
  }

  static create(file: string, header: ExecutionHeader): Execution {
    const journal = new Journal<Entry>(file);
    journal.rewrite([{ header }]);
    return new Execution(header, journal);
  }

  /** Reads an execution back; undefined when the file is gone or has no header. */
  static load(file: string): Execution | undefined {
    const journal = new Journal<Entry>(file);
    const entries = journal.read();
    const header = entries[0]?.header;
    if (header === undefined) return undefined;
    const execution = new Execution(header, journal);
    for (const entry of entries) execution.#apply(entry);
    return execution;
  }

  get outcome(): ExecutionOutcome {
    return this.#outcome;
  }
  get history(): readonly HistoryEvent[] {
    return this.#events;
  }
  checkpoint(path: string): Checkpoint | undefined {
    return this.#frames.get(path);
  }

  /**
   * Adds an event; it is written with the next checkpoint.
   * @param details name and content of its details, e.g. `['taskStarted', { … }]`
   * @returns its id
   * @throws StateFailure States.Runtime when the history is full
   */
  addEvent(
    type: string,
    previousEventId: number,
    nowMs: number,
    details?: readonly [string, Readonly<Record<string, unknown>>],
  ): number {
    // The last place is kept for the event that ends the execution.
    if (this.#events.length >= MAX_HISTORY_EVENTS - 1 && !type.startsWith('Execution')) {
      throw new StateFailure(
        'States.Runtime',
        `The execution reached the maximum number of history events (${MAX_HISTORY_EVENTS}).`,
      );
    }
    const id = this.#events.length + 1;
    const event: HistoryEvent = {
      id,
      previousEventId,
      type,
      timestamp: nowMs / 1000,
      ...(details === undefined ? {} : { [`${details[0]}EventDetails`]: details[1] }),
    };
    this.#events.push(event);
    this.#unwritten.push(event);
    return id;
  }

  /** Changes a frame without writing yet. */
  update(path: string, checkpoint: Checkpoint): void {
    this.#frames.set(path, checkpoint);
  }

  /** Changes a frame and writes it with all events since. */
  save(path: string, checkpoint: Checkpoint, options: { dropInner: boolean } = { dropInner: false }): void {
    this.#commit({
      events: this.#unwritten,
      ...(options.dropInner && this.#hasInner(path) ? { dropped: [path] } : {}),
      frames: { [path]: checkpoint },
    });
  }

  /** Ends or (status RUNNING) reopens the execution. */
  setOutcome(outcome: ExecutionOutcome): void {
    this.#commit({ events: this.#unwritten, outcome });
  }

  /** Reopens every frame that failed, was cut off or waits for a task, so that it runs its state again. */
  reopenFrames(): void {
    for (const [path, checkpoint] of [...this.#frames]) {
      if (checkpoint.ended !== undefined && 'output' in checkpoint.ended) continue;
      const { ended: _ended, task: _task, resumeAtMs: _resumeAtMs, ...rest } = checkpoint;
      this.save(path, { ...rest, attempts: [], retryCount: 0 });
    }
  }

  /** Resolves at the next `notify` of the path. */
  notified(path: string): Promise<void> {
    return new Promise((resolve) => this.#listeners.set(path, resolve));
  }
  notify(path: string): void {
    this.#listeners.get(path)?.();
    this.#listeners.delete(path);
  }

  #hasInner(path: string): boolean {
    return this.#frames.has(`${path}/0`);
  }

  #commit(entry: Entry): void {
    this.#journal.append(entry);
    this.#unwritten = [];
    this.#apply({ ...entry, events: [] });
  }

  #apply(entry: Entry): void {
    this.#events.push(...(entry.events ?? []));
    for (const path of entry.dropped ?? []) {
      for (const inner of [...this.#frames.keys()])
        if (inner.startsWith(`${path}/`)) this.#frames.delete(inner);
    }
    for (const [path, checkpoint] of Object.entries(entry.frames ?? {})) this.#frames.set(path, checkpoint);
    if (entry.outcome !== undefined) this.#outcome = entry.outcome;
  }
}
