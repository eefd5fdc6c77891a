/** A fact as a journey and the lineage graph need it: which event, when, and its data. */
export interface Fact {
  readonly eventId: string;
  /** Without the version: `DatasetVersionCreated`. */
  readonly name: string;
  readonly occurredAt: string;
  readonly project: string;
  readonly correlationId: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** `DatasetVersionCreated.v1` → `DatasetVersionCreated`. */
export const factName = (detailType: string): string => detailType.replace(/\.v\d+$/, '');
