import type { Actor } from '#shared/contracts/event.ts';

/** One move of an alias, as its history keeps it. */
export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  readonly fromVersion?: number;
  /** Absent where the alias was deleted. */
  readonly toVersion?: number;
  readonly movedAt: string;
  readonly movedBy: Actor;
  readonly reason: string;
}
