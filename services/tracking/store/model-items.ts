import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { LifecycleStage } from '../domain/run.ts';
import type { StoredDocument } from './run-document.ts';

/** Logged models, evaluation datasets and scorers: their part of items.ts. */
export const modelItemKinds = {
  loggedModel: { key: /^LOGGEDMODEL#.+ \/ LOGGEDMODEL$/, schemaVersion: 1 },
  evaluationDataset: { key: /^EVALDATASET#.+ \/ DATASET$/, schemaVersion: 1 },
  recordBlock: { key: /^EVALDATASET#.+ \/ BLOCK#.+$/, schemaVersion: 1 },
  scorer: { key: /^SCORERS#.+ \/ SCORER#.+$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

export interface StoredModelItems {
  readonly evaluationDataset: Stored<{
    readonly revision: number;
    readonly document: StoredDocument;
    readonly gsi1pk: string;
    readonly gsi1sk: string;
  }>;
  readonly recordBlock: Stored<{ readonly document: StoredDocument }>;
  readonly scorer: Stored<{ readonly revision: number; readonly document: StoredDocument }>;
  readonly loggedModel: Stored<{
    readonly experimentId: string;
    readonly project: string;
    readonly lifecycleStage: LifecycleStage;
    /** Counts changes; a change replaces only what it read. */
    readonly revision: number;
    readonly document: StoredDocument;
    readonly gsi1pk: string;
    readonly gsi1sk: string;
  }>;
}
