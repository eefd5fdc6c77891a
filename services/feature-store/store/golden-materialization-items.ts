import type { GoldenItems } from '#shared/aws/item-versions.ts';
import type { StoredItems } from './items.ts';

const metadata = {
  eventId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZB',
  occurredAt: '2026-01-01T10:00:00.000Z',
  project: 'rides',
  correlationId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZB',
  causationDepth: 0,
  actor: { type: 'user' as const, id: 'ada' },
  initiatedBy: { type: 'user' as const, id: 'ada' },
};
const folder =
  's3://millrace-local-000000000000-us-east-1-data/feature-store/rides/materializations/driver_stats/01KBYS5PX8Q2V0J4Q4J6T2N3ZC/01KBYS5PX8Q2V0J4Q4J6T2N3ZD/';
const state = {
  uri: `${folder}state.parquet`,
  sha256: '0866b5098d50b74e89d4125346d00b618893c8b43955ed636793e331152f66ba',
  bytes: 1353,
};
const uncertain = {
  uri: `${folder}uncertain.parquet`,
  sha256: '397b3b5b4cbd42d4b9c2ebb7b7f38f5f9f2e1d33e0c6e0b2a58cde5ba3b8a1c2',
  bytes: 1290,
};

/** Of materializations. */
export const goldenMaterializationItems: Pick<
  GoldenItems<StoredItems>,
  'materializer' | 'materialization' | 'materializedPart' | 'viewState' | 'datasetReader'
> = {
  materializer: [
    {
      pk: 'MATERIALIZER#rides#driver_stats#000001',
      sk: 'MATERIALIZER',
      schemaVersion: 1,
      materializer: {
        project: 'rides',
        view: 'driver_stats',
        version: 1,
        everySeconds: 3600,
        running: {
          materializationId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZC',
          attempt: 1,
          until: '2026-01-01T16:16:00.000Z',
        },
        pending: { mode: 'incremental', occasion: 'data', requestedBy: 'ada', metadata },
        held: { materializationId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZC', object: state },
        uncertain,
        abandoned: ['01KBYS5PX8Q2V0J4Q4J6T2N3ZC'],
        lastRequestedAt: '2026-01-01T10:00:00.000Z',
        nextVisibleAt: '2026-01-02T10:00:00.000Z',
        failures: 1,
        failed: { at: '2026-01-01T09:00:00.000Z', occasion: 'data', mode: 'incremental' },
      },
      revision: 4,
      gsi1pk: 'MATERIALIZERS',
      gsi1sk: '2026-01-01T16:16:00.000Z#rides#driver_stats#000001',
    },
  ],
  materialization: [
    {
      pk: 'MATERIALIZATIONS#rides#driver_stats',
      sk: '01KBYS5PX8Q2V0J4Q4J6T2N3ZC',
      schemaVersion: 1,
      run: {
        materializationId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZC',
        project: 'rides',
        view: 'driver_stats',
        viewVersion: 1,
        mode: 'incremental',
        occasion: 'manual',
        requestedBy: 'ada',
        metadata,
        status: 'done',
        requestedAt: '2026-01-01T10:00:00.000Z',
        asOf: '2026-01-01T10:00:00.000Z',
        attempt: 1,
        plan: {
          folder,
          parts: 1,
          rows: 2,
          entities: 2,
          state,
          uncertain,
          newestEventAt: '2026-01-01T09:59:00.000Z',
          nextVisibleAt: '2026-01-02T10:00:00.000Z',
          dataset: 'rides',
          datasetVersion: 1,
        },
        completedAt: '2026-01-01T10:00:04.000Z',
        written: { put: 2, deleted: 0, skipped: 0 },
        leftovers: ['01KBYS5PX8Q2V0J4Q4J6T2N3ZC'],
      },
    },
  ],
  materializedPart: [
    {
      pk: 'MATERIALIZATION#01KBYS5PX8Q2V0J4Q4J6T2N3ZC',
      sk: 'PART#000000',
      schemaVersion: 1,
      outcome: { rows: 2, put: 2, deleted: 0, skipped: 0 },
      expiresAt: 1_769_940_000,
    },
  ],
  viewState: [
    {
      pk: 'VIEWSTATE#rides#driver_stats#000001',
      sk: 'VIEWSTATE',
      schemaVersion: 1,
      state: {
        entities: 2,
        newestEventAt: '2026-01-01T09:59:00.000Z',
        lastMaterializedAt: '2026-01-01T10:00:04.000Z',
        lastMaterializationId: '01KBYS5PX8Q2V0J4Q4J6T2N3ZC',
      },
    },
  ],
  datasetReader: [
    {
      pk: 'DATASET#rides',
      sk: 'VIEW#rides#driver_stats#000001',
      schemaVersion: 1,
      project: 'rides',
      view: 'driver_stats',
      version: 1,
    },
  ],
};
