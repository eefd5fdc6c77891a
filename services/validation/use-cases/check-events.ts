import type * as z from 'zod';
import type { DatasetErasureCompleted, DatasetVersionCreated } from '#events/datasets.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { sha256Hex } from '#shared/kernel/hash.ts';
import type { ValidationStore } from '../ports.ts';
import { type RequestCheckDeps, requestCheck } from './request-check.ts';

interface Detail<Data> {
  readonly metadata: EventMetadata;
  readonly data: Data;
}
type Deps = RequestCheckDeps & { readonly store: ValidationStore; readonly clock: Clock };

/** A new version is checked against the contract of the project revision that it was made under. */
export async function checkUpload(
  deps: Deps,
  { metadata, data }: Detail<z.output<typeof DatasetVersionCreated.data>>,
): Promise<void> {
  const { project, datasetVersion, projectRevision } = data;
  const request = {
    checkId: metadata.eventId,
    project,
    datasetVersion,
    occasion: 'upload',
    requestedAt: metadata.occurredAt,
    cause: metadata,
    projectRevision,
  } as const;
  const consumed = { consumer: 'validation/on-dataset-version-created', eventId: metadata.eventId };
  await requestCheck(deps, request, consumed);
}

/** Versions whose rows were erased are checked again, so that everything kept of them is made anew. */
export async function checkErased(
  deps: Deps,
  { metadata, data: { project, versions } }: Detail<z.output<typeof DatasetErasureCompleted.data>>,
): Promise<void> {
  for (const { datasetVersion } of versions) {
    const record = await deps.store.find(project, datasetVersion);
    if (record?.expiredAt) continue;
    const id = sha256Hex([metadata.eventId, datasetVersion].join('\n')).slice(0, 24);
    const request = {
      checkId: `erasure-${id}`,
      project,
      datasetVersion,
      occasion: 'erasure',
      requestedAt: deps.clock.now().toISOString(),
      cause: metadata,
    } as const;
    await requestCheck(deps, request, { consumer: 'validation/on-dataset-erasure-completed', eventId: id });
  }
}
