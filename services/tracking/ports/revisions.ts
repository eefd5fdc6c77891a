/** A thing as it was read, with the count of its changes: a change replaces only what it read. */
export interface Revision<Value> {
  readonly value: Value;
  readonly revision: number;
}

export interface Revisions<Value> {
  /** Consistent: what was written before is seen. */
  read(id: string): Promise<Revision<Value> | undefined>;
  /** Says whether it was written: not where somebody wrote in between. `before` is undefined for a new one. */
  write(value: Value, before: Revision<Value> | undefined): Promise<boolean>;
}
