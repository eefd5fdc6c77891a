import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { collect } from '#shared/kernel/collect.ts';
import type { Copies, Documents, SuggestionStore, ValidationStore } from '../ports.ts';

export interface DropExpiredDeps {
  readonly store: ValidationStore;
  readonly suggestions: SuggestionStore;
  readonly documents: Documents;
  readonly copies: Copies;
  readonly clock: Clock;
}

/** Deletes the rows that were kept of a version whose content is gone; its report, its profile and what it suggested stay. */
export async function dropExpired(
  { store, suggestions, documents, copies, clock }: DropExpiredDeps,
  version: { readonly project: string; readonly datasetVersion: number },
): Promise<void> {
  const { project, datasetVersion } = version;
  const [record, profile, suggested] = await Promise.all([
    store.find(project, datasetVersion),
    store.findProfile(project, datasetVersion),
    collect(suggestions.ofVersion(project, datasetVersion)),
  ]);
  const report = record && (await documents.readReport(record.report));
  if (record && !record.expiredAt)
    await store.markExpired(project, datasetVersion, clock.now().toISOString());
  await copies.deleteAllBut(
    version,
    present([record?.report, profile?.profile, ...suggested.map(({ document }) => document)]),
    present([report?.validated, report?.quarantine]),
  );
}

const present = (objects: readonly (StoredObject | undefined)[]): StoredObject[] =>
  objects.filter((object): object is StoredObject => object !== undefined);
