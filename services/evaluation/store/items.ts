import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { Evaluation, VersionEvaluation } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  evaluation: { key: /^TRAINING#.+ \/ EVALUATION$/, schemaVersion: 1 },
  versionEvaluation: { key: /^VERSION#.+ \/ EVALUATION#/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly evaluation: Stored<{ readonly evaluation: Evaluation }>;
  readonly versionEvaluation: Stored<{ readonly evaluation: VersionEvaluation }>;
}
