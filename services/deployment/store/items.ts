import type { RoutingRecord } from '#services/deployment/contract.ts';
import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { AlarmWatch, Endpoint, LedgerEntry, Release } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  release: { key: /^PROJECT#.+ \/ RELEASE#/, schemaVersion: 1 },
  ledger: { key: /^PROJECT#.+ \/ LEDGER#\d{10}$/, schemaVersion: 1 },
  routing: { key: /^ROUTING#.+ \/ ROUTING$/, schemaVersion: 1 },
  lease: { key: /^LEASE#.+ \/ LEASE$/, schemaVersion: 1 },
  endpoint: { key: /^ENDPOINTS \/ /, schemaVersion: 1 },
  alarm: { key: /^ALARM#.+ \/ ALARM$/, schemaVersion: 1 },
  request: { key: /^VERSION#.+ \/ REQUEST$/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** Items hold the domain object whole under one attribute, with what conditions need beside it. */
type Held<T, Beside = object> = Stored<{ readonly held: T } & Beside>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly release: Held<Release, { readonly status: Release['status'] }>;
  readonly ledger: Held<LedgerEntry>;
  readonly routing: Stored<{ readonly revision: number; readonly record: RoutingRecord }>;
  readonly lease: Held<string>;
  readonly endpoint: Held<Endpoint, { readonly taskToken?: string }>;
  readonly alarm: Held<AlarmWatch>;
  readonly request: Held<string>;
}
