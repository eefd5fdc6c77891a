import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { RecordedContent } from '../ports/content.ts';
import type { AliasMove, RegisteredVersion } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  model: { key: /^MODEL#.+ \/ MODEL$/, schemaVersion: 1 },
  version: { key: /^MODEL#.+ \/ VERSION#\d{10}$/, schemaVersion: 1 },
  alias: { key: /^MODEL#.+ \/ ALIAS#/, schemaVersion: 1 },
  aliasMove: { key: /^MODEL#.+ \/ ALIASMOVE#/, schemaVersion: 1 },
  content: { key: /^MODEL#.+ \/ CONTENT#\d{10}$/, schemaVersion: 1 },
  location: { key: /^LOCATION#.+ \/ VERSION#.+#\d{10}$/, schemaVersion: 1 },
  training: { key: /^TRAINING#.+ \/ VERSION$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly model: Stored<{
    readonly model: string;
    readonly project: string;
    readonly latestVersion: number;
  }>;
  readonly version: Stored<{ readonly version: RegisteredVersion }>;
  readonly alias: Stored<{ readonly alias: string; readonly modelVersion: number }>;
  readonly aliasMove: Stored<{ readonly move: AliasMove }>;
  readonly content: Stored<{ readonly recorded: RecordedContent; readonly isQuarantined: boolean }>;
  readonly location: Stored<{ readonly model: string; readonly modelVersion: number }>;
  readonly training: Stored<{ readonly model: string; readonly modelVersion: number }>;
}
