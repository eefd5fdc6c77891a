import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { AuditEntry } from '../domain/chain.ts';
import type { CaptureSpan, LineageEdge, LineageNode } from '../domain/lineage-parts.ts';
import type { ChainHead, KeptJourney } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  head: { key: /^CHAIN#.+ \/ HEAD$/, schemaVersion: 1 },
  entry: { key: /^CHAIN#.+ \/ ENTRY#\d{12}$/, schemaVersion: 1 },
  journey: { key: /^JOURNEY#/, schemaVersion: 1 },
  node: { key: /^NODE#.+ \/ NODE$/s, schemaVersion: 1 },
  edge: { key: /^NODE#.+ \/ (UP|DOWN)#/s, schemaVersion: 1 },
  capture: { key: /^CAPTURES#.+#\d+ \/ /, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** Items hold the domain object whole under one attribute, with what conditions need beside it. */
type Held<T, Beside = object> = Stored<{ readonly held: T } & Beside>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly head: Held<ChainHead, { readonly hash: string }>;
  readonly entry: Held<AuditEntry>;
  readonly journey: Held<KeptJourney['facts'], { readonly revision: number }>;
  readonly node: Held<LineageNode>;
  readonly edge: Held<LineageEdge>;
  readonly capture: Held<CaptureSpan>;
}
