import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { GovernorState } from '../domain/governor.ts';
import type { Job, Origin, Training } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  governor: { key: /^GOVERNOR#.+ \/ GOVERNOR$/, schemaVersion: 1 },
  training: { key: /^TRAINING#.+ \/ TRAINING$/, schemaVersion: 1 },
  job: { key: /^JOB#.+ \/ JOB$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly governor: Stored<{
    readonly project: string;
    readonly state: GovernorState<Origin>;
    readonly revision: number;
  }>;
  readonly training: Stored<{ readonly training: Training; readonly status: Training['status'] }>;
  readonly job: Stored<{ readonly job: Job; readonly taskToken: string; readonly expiresAt: number }>;
}
