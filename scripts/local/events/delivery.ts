import { randomUUID } from 'node:crypto';
import { Journal } from '../durable/journal.ts';
import { callAt } from '../durable/wait.ts';
import type { Principal, RuntimeContext } from '../emulated-service.ts';
import { deadLetterReason, isLastingFailure } from './delivery-failure.ts';

/** How often and how long a target is tried; EventBridge's own defaults are 185 attempts and 24 hours. */
interface RetryPolicy {
  readonly maximumRetryAttempts: number;
  readonly maximumEventAgeSeconds: number;
}

/** Something that a target must get, once at least. */
export interface Delivery<Target> {
  readonly id: string;
  readonly target: Target;
  readonly payload: unknown;
  readonly retryPolicy: RetryPolicy;
  /** Where it goes when the target cannot have it. */
  readonly deadLetter?: {
    readonly queueArn: string;
    /** Text of the message. */
    readonly body: string;
    /** Message attributes that say what it was meant for, e.g. RULE_ARN. */
    readonly attributes: Readonly<Record<string, string>>;
    /** Who sends it: EventBridge itself for a rule, the role of a schedule. */
    readonly principal: Principal;
  };
  readonly createdMs: number;
  readonly dueMs: number;
  /** Failed attempts so far. */
  readonly attempts: number;
}

/** What a queue does with its deliveries. */
export interface DeliveryHandlers<Target> {
  /** Delivers once; rejects when the target did not take it. */
  send(delivery: Delivery<Target>): Promise<void>;
  /** Told of each delivery that failed for good. */
  givenUp(delivery: Delivery<Target>): void;
}

type Entry<Target> = { readonly put: readonly Delivery<Target>[] } | { readonly done: string };

/** Ended deliveries in the journal before it is rewritten. */
const COMPACT_AFTER = 2000;
const FIRST_RETRY_MS = 1000;
const MAX_RETRY_MS = 60_000;

/**
 * Deliveries that must arrive: journaled when they are accepted, tried until they succeed or their policy is exhausted, then sent to the
 * dead-letter queue; what was open when the process ended is tried again at the next start.
 */
export class DeliveryQueue<Target> {
  readonly #context: RuntimeContext;
  readonly #part: string;
  readonly #journal: Journal<Entry<Target>>;
  readonly #handlers: DeliveryHandlers<Target>;
  readonly #open = new Map<string, Delivery<Target>>();
  readonly #timers = new Map<string, () => void>();
  readonly #inFlight = new Set<Promise<void>>();
  #endedCount = 0;
  #isRunning = false;

  /** @param part name for log lines */
  constructor(context: RuntimeContext, part: string, file: string, handlers: DeliveryHandlers<Target>) {
    this.#context = context;
    this.#part = part;
    this.#journal = new Journal(file);
    this.#handlers = handlers;
  }

  /** Reads what was open; nothing is sent before `resume`. */
  load(): void {
    for (const entry of this.#journal.read()) {
      if ('done' in entry) this.#open.delete(entry.done);
      else for (const delivery of entry.put) this.#open.set(delivery.id, delivery);
    }
    this.#compact();
  }

  resume(): void {
    this.#isRunning = true;
    for (const delivery of this.#open.values()) this.#arm(delivery);
  }

  /** Accepts deliveries: they are on disk when this returns. */
  add(deliveries: readonly Omit<Delivery<Target>, 'id' | 'attempts'>[]): void {
    if (deliveries.length === 0) return;
    this.#put(deliveries.map((delivery) => ({ ...delivery, id: randomUUID(), attempts: 0 })));
  }

  /** Stops sending and waits for what is under way; the rest stays for the next start. */
  async stop(): Promise<void> {
    this.#isRunning = false;
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    await Promise.all(this.#inFlight);
  }

  #put(deliveries: readonly Delivery<Target>[]): void {
    this.#journal.append({ put: deliveries });
    for (const delivery of deliveries) {
      this.#open.set(delivery.id, delivery);
      this.#arm(delivery);
    }
  }

  #arm(delivery: Delivery<Target>): void {
    if (!this.#isRunning) return;
    const cancel = callAt(delivery.dueMs, this.#context.now, () => {
      this.#timers.delete(delivery.id);
      const attempt = this.#attempt(delivery).finally(() => this.#inFlight.delete(attempt));
      this.#inFlight.add(attempt);
    });
    this.#timers.set(delivery.id, cancel);
  }

  async #attempt(delivery: Delivery<Target>): Promise<void> {
    try {
      await this.#handlers.send(delivery);
      this.#end(delivery);
    } catch (error) {
      const failed = { ...delivery, attempts: delivery.attempts + 1 };
      const exhausted = this.#exhaustion(failed, error);
      this.#context.log(this.#part, 'a delivery failed', {
        error: String(error),
        target: delivery.target,
        exhausted,
      });
      if (exhausted === undefined)
        this.#put([{ ...failed, dueMs: this.#context.now() + retryDelayMs(failed.attempts) }]);
      else await this.#giveUp(failed, error, exhausted);
    }
  }

  /** Why no further attempt is made; undefined while there are some left. */
  #exhaustion(failed: Delivery<Target>, error: unknown): string | undefined {
    if (isLastingFailure(error)) return 'NotRetryable';
    const { maximumRetryAttempts, maximumEventAgeSeconds } = failed.retryPolicy;
    if (failed.attempts > maximumRetryAttempts) return 'MaximumRetryAttempts';
    const nextMs = this.#context.now() + retryDelayMs(failed.attempts);
    return nextMs > failed.createdMs + maximumEventAgeSeconds * 1000 ? 'MaximumEventAgeInSeconds' : undefined;
  }

  async #giveUp(delivery: Delivery<Target>, error: unknown, exhausted: string): Promise<void> {
    const { deadLetter } = delivery;
    this.#handlers.givenUp(delivery);
    if (deadLetter !== undefined) {
      const attributes = {
        ...deadLetter.attributes,
        ...deadLetterReason(error),
        RETRY_ATTEMPTS: String(delivery.attempts - 1),
        ...(exhausted === 'NotRetryable' ? {} : { EXHAUSTED_RETRY_CONDITION: exhausted }),
      };
      try {
        await this.#context.sqs.sendMessage(deadLetter.queueArn, deadLetter.body, {
          principal: deadLetter.principal,
          attributes,
        });
      } catch (refusal) {
        this.#context.log(this.#part, 'a dead letter was refused and is lost', {
          error: String(refusal),
          attributes,
        });
      }
    }
    this.#end(delivery);
  }

  #end(delivery: Delivery<Target>): void {
    this.#journal.append({ done: delivery.id });
    this.#open.delete(delivery.id);
    this.#endedCount += 1;
    if (this.#endedCount >= COMPACT_AFTER) this.#compact();
  }

  #compact(): void {
    this.#endedCount = 0;
    this.#journal.rewrite(this.#open.size === 0 ? [] : [{ put: [...this.#open.values()] }]);
  }
}

/** Doubles from a second to a minute. */
function retryDelayMs(attempts: number): number {
  return Math.min(FIRST_RETRY_MS * 2 ** (attempts - 1), MAX_RETRY_MS);
}
