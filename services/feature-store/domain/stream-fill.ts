/** How far a new version of a stream view is filled with the records from before it. */
export interface StreamFill {
  /** Of whoever fills it, or did last. */
  readonly claim: string;
  /** Until then nobody else does. ISO 8601. */
  readonly claimedUntil?: string;
  readonly completedAt?: string;
  /** Entities that had such records. */
  readonly entities?: number;
}

export const isClaimed = (fill: StreamFill | undefined, now: Date): boolean =>
  fill?.claimedUntil !== undefined && fill.claimedUntil > now.toISOString();
