import type * as z from 'zod';
import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { trainingSet } from '../contract.ts';
import type { Materializer } from '../domain/materializer.ts';
import type { MaterializationRun, PartOutcome, ViewState } from '../ports.ts';
import type { CaptureFile } from '../ports/capture-files.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  trainingSet: { key: /^TRAININGSET#.+ \/ TRAININGSET$/, schemaVersion: 1 },
  newest: { key: /^PROJECT#.+ \/ NEWEST$/, schemaVersion: 1 },
  materializer: { key: /^MATERIALIZER#.+ \/ MATERIALIZER$/, schemaVersion: 1 },
  materialization: { key: /^MATERIALIZATIONS#.+ \/ .+$/, schemaVersion: 1 },
  materializedPart: { key: /^MATERIALIZATION#.+ \/ PART#\d+$/, schemaVersion: 1 },
  viewState: { key: /^VIEWSTATE#.+ \/ VIEWSTATE$/, schemaVersion: 1 },
  datasetReader: { key: /^DATASET#.+ \/ VIEW#.+$/, schemaVersion: 1 },
  captureFile: { key: /^CAPTURES#.+ \/ \d{4}-.+#s3:/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly trainingSet: Stored<{
    readonly project: string;
    readonly trainingSet: z.output<typeof trainingSet>;
  }>;
  /** Which of a project's training sets was built last. */
  readonly newest: Stored<{ readonly trainingSetId: string }>;
  readonly materializer: Stored<{ readonly materializer: Materializer; readonly revision: number }>;
  readonly materialization: Stored<{ readonly run: MaterializationRun }>;
  readonly materializedPart: Stored<{ readonly outcome: PartOutcome; readonly expiresAt: number }>;
  readonly viewState: Stored<{ readonly state: ViewState }>;
  /** A version of a view that is made of a dataset. */
  readonly datasetReader: Stored<{
    readonly project: string;
    readonly view: string;
    readonly version: number;
  }>;
  readonly captureFile: Stored<CaptureFile>;
}
