import type { Journal } from './journal.ts';
import type { KeyValue } from './messages.ts';
import type { MlflowServer } from './mlflow-server.ts';
import type { TransferReport } from './report.ts';

/** Where a copy comes from and goes to, and what it remembers. */
export interface Transfer {
  readonly source: MlflowServer;
  readonly target: MlflowServer;
  readonly journal: Journal;
  readonly report: TransferReport;
  /** Says a line to whoever waits. */
  progress(line: string): void;
}

/** Tags by which a copy says what it was. */
export const copiedFromTags = {
  server: 'millrace.imported.from',
  run: 'millrace.imported.run_id',
  model: 'millrace.imported.model_id',
  version: 'millrace.imported.version',
} as const;

/** The tags of a thing with those that say where it was copied from; what an earlier copy said of it is forgotten. */
export const taggedCopy = (
  { source }: Pick<Transfer, 'source'>,
  tags: readonly KeyValue[],
  own: readonly KeyValue[] = [],
): KeyValue[] => {
  const known: ReadonlySet<string> = new Set(Object.values(copiedFromTags));
  return [
    ...tags.filter(({ key }) => !known.has(key)),
    { key: copiedFromTags.server, value: source.url },
    ...own,
  ];
};
