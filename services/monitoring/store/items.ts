import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { OpenWindow } from '../domain/window.ts';
import type { ClosedWindow, Reference } from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  reference: { key: /^PROJECT#.+ \/ REFERENCE#/, schemaVersion: 1 },
  openWindow: { key: /^PROJECT#.+ \/ OPEN#/, schemaVersion: 1 },
  drifting: { key: /^PROJECT#.+ \/ DRIFTING#/, schemaVersion: 1 },
  window: { key: /^PROJECT#.+ \/ WINDOW#/, schemaVersion: 1 },
  capture: { key: /^CAPTURES#/, schemaVersion: 1 },
  labels: { key: /^LABELS#/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** Items hold the domain object whole under one attribute, with what conditions need beside it. */
type Held<T, Beside = object> = Stored<{ readonly held: T } & Beside>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly reference: Held<Reference>;
  readonly openWindow: Held<OpenWindow, { readonly windowId: string; readonly revision: number }>;
  readonly drifting: Held<boolean>;
  readonly window: Held<ClosedWindow, { readonly labelsRevision: number }>;
  readonly capture: Stored<{ readonly expiresAt: number }>;
  readonly labels: Held<StoredObject, { readonly expiresAt: number }>;
}
