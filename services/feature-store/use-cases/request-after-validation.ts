import type * as z from 'zod';
import type { ValidationCompleted } from '#events/validation.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { DatasetReaders, DeclaredViews, ValidatedRows, ViewKey } from '../ports.ts';
import type { MaterializerDeps } from './begin-materialization.ts';
import { requestMaterialization } from './request-materialization.ts';

export interface AfterValidationDeps extends MaterializerDeps {
  readonly readers: DatasetReaders;
  readonly declared: DeclaredViews;
  readonly validatedRows: ValidatedRows;
}

/**
 * New validated data is written online for every view of every project that reads it. After an erasure that is so whatever the verdict and whatever the
 * views want: what is gone must go online, too.
 */
export async function requestAfterValidation(
  deps: AfterValidationDeps,
  { metadata, data }: { metadata: EventMetadata; data: z.output<typeof ValidationCompleted.data> },
): Promise<void> {
  const isErasure = data.occasion === 'erasure';
  if (!isErasure && data.verdict !== 'Pass' && data.verdict !== 'Warn') return;
  const newest = await deps.validatedRows.newest(data.project);
  if (newest && newest.datasetVersion > data.datasetVersion) return;
  for await (const key of deps.readers.of(data.project)) {
    const settings = await deps.declared.settings(key.project, key.view);
    if (!settings?.online || !(isErasure || settings.materialization.onNewData)) continue;
    await requestOnce(deps, key, metadata, isErasure ? 'erasure' : 'data');
  }
}

/** Asks for a materialization because of a fact, once however often the fact comes. */
export async function requestOnce(
  deps: MaterializerDeps,
  key: ViewKey,
  metadata: EventMetadata,
  occasion: 'data' | 'erasure',
): Promise<void> {
  const request = { mode: 'incremental', occasion, requestedBy: metadata.initiatedBy.id, metadata } as const;
  const { project, view, version } = key;
  const consumer = `feature-store/materialize/${project}/${view}/${version}`;
  try {
    await requestMaterialization(deps, key, request, { consumer, eventId: metadata.eventId });
  } catch (error) {
    // The event came before, and perhaps its function died before it had asked for all views.
    if (!(error instanceof AppError && error.code === 'AlreadyConsumed')) throw error;
  }
}
