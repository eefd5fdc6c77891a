import type { DomainEvent } from '#shared/contracts/event.ts';

/** A breach of an objective that people were told of and that is not over. */
export interface FreshnessBreach {
  readonly project: string;
  readonly view: string;
  /** Counts the breaches of the view: names the facts of each. */
  readonly number: number;
  /** Undefined once it is over. */
  readonly since?: string | undefined;
}

export interface FreshnessStore {
  /** The last breach of each view of a project that had one. */
  breaches(project: string): Promise<readonly FreshnessBreach[]>;
  /** Throws BreachChanged (conflict) where somebody else was quicker: `before` is what was read. */
  save(
    breach: FreshnessBreach,
    before: FreshnessBreach | undefined,
    events: readonly DomainEvent[],
  ): Promise<void>;
}

export interface FreshnessMeter {
  /** Now less the newest event time. */
  lag(project: string, view: string, seconds: number): void;
  /** An objective is breached that was met before. */
  breach(): void;
}
