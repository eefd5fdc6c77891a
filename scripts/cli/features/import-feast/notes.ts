/** Something of a Feast repository that is another thing here, or none. */
export interface ImportNote {
  /** What it is about, as Feast calls it: `feature view driver_stats`. */
  readonly subject: string;
  /** left out: nothing stands for it. changed: something else stands for it. to do: a person must see to it. */
  readonly outcome: 'left out' | 'changed' | 'to do';
  readonly reason: string;
}

/** Collects notes in the order that they come. */
export class ImportNotes {
  readonly all: ImportNote[] = [];

  leftOut(subject: string, reason: string): void {
    this.all.push({ subject, outcome: 'left out', reason });
  }
  changed(subject: string, reason: string): void {
    this.all.push({ subject, outcome: 'changed', reason });
  }
  toDo(subject: string, reason: string): void {
    this.all.push({ subject, outcome: 'to do', reason });
  }
}
