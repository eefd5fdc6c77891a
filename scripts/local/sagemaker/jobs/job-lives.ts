import type { RuntimeContext } from '../../emulated-service.ts';
import { validationError } from '../api/validation.ts';
import type { StateChange, StateChangeEvents } from '../state-change-events.ts';
import type { RecordStore } from '../store/record-store.ts';
import type { JobQueue } from './job-queue.ts';

type JobStatus = 'InProgress' | 'Stopping' | 'Stopped' | 'Completed' | 'Failed';

interface JobRecord {
  readonly status: JobStatus;
  readonly lastModifiedTimeMs: number;
}

/** What carries a job out. */
interface JobRun {
  run(): Promise<void>;
  /** `Shutdown` leaves the job InProgress: it starts again with the runtime. */
  stop(cause: 'StopRequested' | 'Shutdown'): Promise<void>;
}

interface JobLivesParts<Job extends JobRecord> {
  readonly context: RuntimeContext;
  readonly store: RecordStore<Job>;
  readonly queue: JobQueue;
  readonly events: StateChangeEvents;
  /** As SageMaker's messages call it: `transform job`. */
  readonly kind: string;
  readonly eventOf: (job: Job) => StateChange;
}

/** The lives of transform and processing jobs: queued, entered into states that events tell of, stopped, and ended with the runtime. */
export class JobLives<Job extends JobRecord> {
  readonly #parts: JobLivesParts<Job>;
  readonly #runs = new Map<string, JobRun>();

  constructor(parts: JobLivesParts<Job>) {
    this.#parts = parts;
  }

  require(name: string): Job {
    return this.#parts.store.require(name, `Could not find requested job with name: ${name}`);
  }

  /** Queues a job's run. */
  begin(name: string, run: JobRun): void {
    this.#runs.set(name, run);
    this.#parts.queue.add(async () => {
      await run.run();
      this.#runs.delete(name);
    });
  }

  /** A job that was asked to stop stays Stopping until it ends. */
  enter(name: string, status: JobStatus, changes: Partial<Job>): void {
    const { store, context, events, eventOf } = this.#parts;
    const before = this.require(name);
    if (before.status === 'Stopping' && status === 'InProgress') return;
    const job = store.put(name, { ...before, ...changes, status, lastModifiedTimeMs: context.now() });
    events.publish(eventOf(job));
  }

  /** Throws ValidationException where the job has ended or is ending. */
  stop(name: string): void {
    const { status } = this.require(name);
    if (status !== 'InProgress')
      throw validationError(
        `The request was rejected because the ${this.#parts.kind} is in status ${status}.`,
      );
    this.enter(name, 'Stopping', {});
    void this.#runs.get(name)?.stop('StopRequested');
  }

  /** Ends the children; their jobs start again with the runtime. */
  async shutdown(): Promise<void> {
    await Promise.all([...this.#runs.values()].map((run) => run.stop('Shutdown')));
  }
}
