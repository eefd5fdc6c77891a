import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { Journal } from '../durable/journal.ts';
import { Execution, type ExecutionHeader, type ExecutionStatus } from './execution.ts';

/** What lists show of an execution; the rest is in its file. */
export interface ExecutionSummary {
  readonly executionArn: string;
  readonly name: string;
  readonly stateMachineArn: string;
  readonly status: ExecutionStatus;
  readonly startDateMs: number;
  readonly stopDateMs?: number;
  readonly redriveCount: number;
  readonly redriveDateMs?: number;
}

/** AWS keeps ended executions this long, too. */
const KEEP_MS = 90 * 24 * 3600 * 1000;

/**
 * All executions on disk: one file each, and a journal of summaries so that lists need not open them. Only running executions
 * are held in memory.
 */
export class ExecutionStore {
  readonly #folder: string;
  readonly #index: Journal<ExecutionSummary>;
  readonly #keepCount: number;
  readonly #summaries = new Map<string, ExecutionSummary>();
  readonly #running = new Map<string, Execution>();

  /** @param keepCount ended executions beyond this many are forgotten, the oldest first */
  constructor(folder: string, keepCount: number) {
    this.#folder = path.join(folder, 'executions');
    this.#index = new Journal(path.join(folder, 'executions.jsonl'));
    this.#keepCount = keepCount;
  }

  /** Reads the index and every execution that had not ended. */
  load(nowMs: number): void {
    for (const summary of this.#index.read()) this.#summaries.set(summary.executionArn, summary);
    for (const summary of [...this.#summaries.values()]) {
      if (summary.status !== 'RUNNING') continue;
      const execution = Execution.load(this.#file(summary.executionArn));
      if (execution === undefined) this.#summaries.delete(summary.executionArn);
      else this.#keep(execution);
    }
    this.prune(nowMs);
  }

  create(header: ExecutionHeader): Execution {
    const file = this.#file(header.executionArn);
    mkdirSync(path.dirname(file), { recursive: true });
    const execution = Execution.create(file, header);
    this.record(execution);
    return execution;
  }

  /** Notes in the index how an execution stands now. */
  record(execution: Execution): void {
    this.#index.append(this.#keep(execution));
  }

  summary(executionArn: string): ExecutionSummary | undefined {
    return this.#summaries.get(executionArn);
  }

  /** Of one machine, newest first. */
  list(stateMachineArn: string): ExecutionSummary[] {
    return [...this.#summaries.values()]
      .filter((summary) => summary.stateMachineArn === stateMachineArn)
      .sort((one, other) => other.startDateMs - one.startDateMs);
  }

  /** The execution itself, from memory while it runs, else from its file. */
  open(executionArn: string): Execution | undefined {
    if (!this.#summaries.has(executionArn)) return undefined;
    return this.#running.get(executionArn) ?? Execution.load(this.#file(executionArn));
  }

  /** The execution, while it runs. */
  openRunning(executionArn: string): Execution | undefined {
    return this.#running.get(executionArn);
  }

  running(): readonly Execution[] {
    return [...this.#running.values()];
  }

  /** Forgets ended executions that are too old or too many; rewrites the index when that drops any. */
  prune(nowMs: number): void {
    const ended = [...this.#summaries.values()]
      .filter((summary) => summary.status !== 'RUNNING')
      .sort((one, other) => (other.stopDateMs ?? 0) - (one.stopDateMs ?? 0));
    const outdated = ended.filter(
      (summary, rank) => rank >= this.#keepCount || (summary.stopDateMs ?? 0) < nowMs - KEEP_MS,
    );
    for (const { executionArn } of outdated) {
      rmSync(this.#file(executionArn), { force: true });
      this.#summaries.delete(executionArn);
    }
    this.#index.rewrite([...this.#summaries.values()]);
  }

  #keep(execution: Execution): ExecutionSummary {
    const { header, outcome } = execution;
    const { executionArn, name, stateMachineArn, startDateMs } = header;
    const { status, stopDateMs, redriveCount, redriveDateMs } = outcome;
    const summary: ExecutionSummary = {
      executionArn,
      name,
      stateMachineArn,
      status,
      startDateMs,
      ...(stopDateMs === undefined ? {} : { stopDateMs }),
      redriveCount,
      ...(redriveDateMs === undefined ? {} : { redriveDateMs }),
    };
    this.#summaries.set(executionArn, summary);
    if (status === 'RUNNING') this.#running.set(executionArn, execution);
    else this.#running.delete(executionArn);
    return summary;
  }

  #file(executionArn: string): string {
    const [machine = '', name = ''] = executionArn.split(':').slice(6);
    return path.join(this.#folder, encodeURIComponent(machine), `${encodeURIComponent(name)}.jsonl`);
  }
}
