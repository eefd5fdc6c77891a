import type { DomainEvent } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export type Item = Key & Record<string, unknown>;

/** What must hold for a write. `equals` compares attributes; an attribute expected to be `undefined` must not exist. */
export type Condition =
  | { readonly absent: true }
  | { readonly present: true }
  | { readonly equals: Readonly<Record<string, unknown>> }
  /** The attribute is missing (or the whole item), or has the value. */
  | { readonly absentOrEquals: Readonly<Record<string, unknown>> }
  /** The attribute is missing (or the whole item), or is not greater, as texts or numbers compare. */
  | { readonly absentOrAtMost: Readonly<Record<string, string | number>> };

/** One write of a transaction; `otherwise` is thrown when its condition does not hold. */
export type Write =
  | { readonly put: Item; readonly when?: Condition; readonly otherwise?: AppError }
  | {
      readonly update: Key;
      readonly set: Readonly<Record<string, unknown>>;
      readonly when?: Condition;
      readonly otherwise?: AppError;
    }
  | { readonly delete: Key; readonly when?: Condition; readonly otherwise?: AppError }
  | { readonly check: Key; readonly when: Condition; readonly otherwise?: AppError };

/** All that one use case changes, atomically: items, the events that tell of it, and the mark that its cause was consumed. */
export interface Commit {
  readonly writes: readonly Write[];
  readonly events?: readonly DomainEvent[];
  readonly consumed?: { readonly consumer: string; readonly eventId: string };
}

/** Thrown when the inbox says that the event was consumed before: the handler answers success. */
export class AlreadyConsumed extends AppError {
  constructor(consumer: string, eventId: string) {
    super('already_exists', 'AlreadyConsumed', `${consumer} consumed event ${eventId} before.`);
  }
}

export interface QueryOptions {
  readonly pk: string;
  readonly skPrefix?: string;
  /** First and last sort key, both included; instead of `skPrefix`. */
  readonly skBetween?: readonly [string, string];
  /** Partition and sort key are gsi1pk and gsi1sk there; reads are eventually consistent. */
  readonly index?: 'gsi1';
  readonly newestFirst?: boolean;
  readonly limit?: number;
  readonly pageToken?: string;
  readonly consistent?: boolean;
}

/** What must hold for a put or a delete by itself. */
export interface PutOptions {
  readonly when?: Condition;
  readonly otherwise?: AppError;
}

/** Its key alone. */
export const keyOf = ({ pk, sk }: Key): Key => ({ pk, sk });
