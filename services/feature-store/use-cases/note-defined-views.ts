import type * as z from 'zod';
import type { FeaturesDefined } from '#events/feature-store.ts';
import type { EventMetadata } from '#shared/contracts/event.ts';
import type { FeatureViewSettings, FeatureViewVersion } from '../contract.ts';
import type { Materializer, ViewKey } from '../ports.ts';
import { againWhenChanged, type MaterializerDeps } from './begin-materialization.ts';
import { declaredVersion } from './declared-version.ts';
import type { AfterValidationDeps } from './request-after-validation.ts';
import { requestMaterialization } from './request-materialization.ts';

/**
 * Remembers which views read which datasets and how often they are written online, and writes versions online that never were and have rows. Versions
 * that were replaced go on being written: models that were trained with them read them.
 */
export async function noteDefinedViews(
  deps: AfterValidationDeps,
  { metadata, data }: { metadata: EventMetadata; data: z.output<typeof FeaturesDefined.data> },
): Promise<void> {
  for (const { view, version } of data.views) {
    const key = { project: data.project, view, version };
    const settings = await deps.declared.settings(data.project, view);
    if (!settings) continue;
    for (let older = version; older >= 1; older--) await setEvery(deps, { ...key, version: older }, settings);
    const definition = await declaredVersion(deps.declared, key);
    if (!settings.online || definition.source.type === 'stream') continue;
    if (definition.source.type === 'dataset') await deps.readers.note(definition.source.dataset, [key]);
    await writeFirst(deps, key, definition, metadata);
  }
}

async function writeFirst(
  deps: AfterValidationDeps,
  key: ViewKey,
  { source }: FeatureViewVersion,
  metadata: EventMetadata,
): Promise<void> {
  const { materializer } = await deps.store.materializer(key);
  if (materializer.lastRequestedAt !== undefined) return;
  // Without rows there is nothing to write: their validation asks for it.
  if (source.type === 'dataset' && !(await deps.validatedRows.newest(source.dataset))) return;
  const requestedBy = metadata.initiatedBy.id;
  await requestMaterialization(deps, key, {
    mode: 'incremental',
    occasion: 'definition',
    requestedBy,
    metadata,
  });
}

/** How often a version is written online by itself. What is not kept online any more is never looked at again. */
export function setEvery(
  { store }: Pick<MaterializerDeps, 'store'>,
  key: ViewKey,
  { online, materialization }: Pick<FeatureViewSettings, 'online' | 'materialization'>,
): Promise<void> {
  return againWhenChanged(async () => {
    const { materializer, revision } = await store.materializer(key);
    const wanted = online ? withEvery(materializer, materialization.everySeconds) : atRest(materializer);
    if (JSON.stringify(wanted) === JSON.stringify(materializer)) return;
    await store.save({ materializer: wanted, revision, runs: [], events: [] });
  });
}

function withEvery(materializer: Materializer, everySeconds: number | undefined): Materializer {
  const { everySeconds: _before, ...rest } = materializer;
  return everySeconds === undefined ? rest : { ...rest, everySeconds };
}

function atRest(materializer: Materializer): Materializer {
  const { everySeconds: _every, nextVisibleAt: _next, failed: _failed, ...rest } = materializer;
  return rest;
}
