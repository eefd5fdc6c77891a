import { randomUUID } from 'node:crypto';
import { documentClient } from '#shared/aws/clients.ts';
import { objectVersions } from '#shared/aws/object-versions.ts';
import { createTable } from '#shared/aws/table.ts';
import { systemClock } from '#shared/kernel/clock.ts';
import { ulidGenerator } from '#shared/kernel/ids.ts';
import { createCaptureFiles } from '../store/capture-files.ts';
import { createDefinitionStore, createPinningModelStore } from '../store/definition-store.ts';
import { createDocuments } from '../store/documents.ts';
import { createEntityViews } from '../store/entity-views.ts';
import { createFeatureErasureStore } from '../store/feature-erasure-store.ts';
import { createFreshnessStore } from '../store/freshness-store.ts';
import { oversightMeter } from '../store/oversight-meter.ts';
import { createSkewStore } from '../store/skew-store.ts';
import { createViewStates } from '../store/view-state.ts';

/** What functions of skew, freshness and erasure share. */
export function oversightDeps(env: { readonly TABLE_NAME: string; readonly DATA_BUCKET: string }) {
  const table = createTable(documentClient(), env.TABLE_NAME);
  return {
    definitions: createDefinitionStore(table),
    models: createPinningModelStore(table),
    states: createViewStates(table),
    views: createEntityViews(table),
    captureFiles: createCaptureFiles(table),
    freshness: createFreshnessStore(table),
    skew: createSkewStore(table),
    erasures: createFeatureErasureStore(table),
    documents: createDocuments(env.DATA_BUCKET),
    objects: objectVersions,
    meter: oversightMeter,
    clock: systemClock,
    ids: ulidGenerator,
    nonce: randomUUID,
  };
}
