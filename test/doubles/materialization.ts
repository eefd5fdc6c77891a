import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type {
  FeatureValue,
  FeatureViewSettings,
  FeatureViewVersion,
} from '#services/feature-store/contract.ts';
import { entityKeyText } from '#services/feature-store/domain/online-key.ts';
import { rankOf } from '#services/feature-store/domain/rank.ts';
import type { WindowState } from '#services/feature-store/domain/window-state.ts';
import { parsePart, partName, writeChanges } from '#services/feature-store/engine/changed-entities.ts';
import type {
  MaterializationFiles,
  MaterializationPlanner,
  MaterializedWriter,
} from '#services/feature-store/ports.ts';
import { createDatasetReaders } from '#services/feature-store/store/dataset-readers.ts';
import { createMaterializationStore } from '#services/feature-store/store/materialization-store.ts';
import { createViewStates } from '#services/feature-store/store/view-state.ts';
import { type DuckDb, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';
import { createMemoryTable } from './memory-table.ts';

/** A row that should be online: its event time in microseconds and its one value. */
export interface WantedRow {
  readonly eventAt: number;
  readonly value: FeatureValue;
}

export const exampleView: FeatureViewVersion = {
  project: 'taxi',
  view: 'driver_stats',
  version: 1,
  definitionSha256: 'a'.repeat(64),
  entities: ['driver'],
  joinKeys: [{ name: 'driver_id', type: 'string' }],
  source: { type: 'dataset', name: 'trips', dataset: 'taxi', eventTimestamp: 'at' },
  features: [{ name: 'rating', type: 'number', column: 'rating', sensitive: false }],
  aggregations: [],
  store: 'dynamodb',
  createdAt: '2026-01-01T00:00:00.000Z',
  projectRevision: 1,
};

const exampleSettings: FeatureViewSettings = {
  online: true,
  owner: 'ada',
  tags: {},
  materialization: { onNewData: true },
};

/** Online values in memory, with the rule of the real ones: a put never replaces a row of greater rank. */
function onlineValues() {
  const rows = new Map<string, { rank: string; content: unknown }>();
  let failAfter = Number.POSITIVE_INFINITY;
  const touch = (): void => {
    if (failAfter-- <= 0) throw Object.assign(new Error('busy'), { name: 'TableBusy' });
  };
  const put = (entities: readonly { text: string; rank: string; content: unknown }[]) => {
    let written = 0;
    for (const { text, rank, content } of entities) {
      touch();
      if ((rows.get(text)?.rank ?? '') > rank) continue;
      rows.set(text, { rank, content });
      written++;
    }
    return { put: written, skipped: entities.length - written };
  };
  const writer: MaterializedWriter = {
    put: async (_view, entities) =>
      put(
        entities.map(({ key, values, ...order }) => ({
          text: entityKeyText(key),
          rank: rankOf(order),
          content: values,
        })),
      ),
    putStates: async (_view, states) =>
      put(
        states.map(({ key, state, newestRank }) => ({
          text: entityKeyText(key),
          rank: newestRank,
          content: state as WindowState,
        })),
      ),
    async delete(_view, entities) {
      let deleted = 0;
      for (const { key, ...order } of entities) {
        touch();
        const found = rows.get(entityKeyText(key));
        if (found && found.rank <= rankOf(order)) deleted += rows.delete(entityKeyText(key)) ? 1 : 0;
      }
      return deleted;
    },
  };
  return {
    writer,
    rows,
    /** Writes after so many more fail, until it is called again. */
    failAfter: (writes = Number.POSITIVE_INFINITY) => {
      failAfter = writes;
    },
  };
}

/** All that materialization needs but AWS: a table in memory, files in a folder, rows that the test names. */
export function materializationWorld(folder: string) {
  const table = createMemoryTable();
  const store = createMaterializationStore(table);
  const ids = sequentialIds('m');
  const wanted = new Map<string, WantedRow>();
  const online = onlineValues();
  const declared = {
    settings: exampleSettings as FeatureViewSettings | undefined,
    version: exampleView,
  };
  const source = { newest: { datasetVersion: 1 } as { datasetVersion: number } | undefined };
  const validated = { uri: 's3://data/validated', sha256: 'b'.repeat(64), bytes: 1 };
  const files: MaterializationFiles = {
    part: async (view, plan, part) =>
      parsePart(view, readFileSync(path.join(plan.folder, partName(part)), 'utf8')),
    async remove(_key, runs, kept) {
      const keptFolder = path.dirname(kept.uri.slice('s3:/'.length));
      for (const run of runs)
        if (!keptFolder.includes(`/${run}/`))
          rmSync(path.join(folder, run), { recursive: true, force: true });
    },
  };
  return {
    table,
    store,
    ids,
    clock: manualClock('2026-01-02T00:00:00.000Z'),
    wanted,
    online,
    declaration: declared,
    source,
    files,
    writer: online.writer,
    writers: { of: async () => online.writer },
    states: createViewStates(table),
    readers: createDatasetReaders(table),
    declared: {
      version: async (_project: string, view: string) =>
        view === declared.version.view ? declared.version : undefined,
      settings: async () => declared.settings,
    },
    validatedRows: {
      newest: async () => source.newest && { datasetVersion: source.newest.datasetVersion, validated },
    },
    planner: plannerOf(folder, wanted, ids.next, 3),
  };
}

const objectAt = (file: string) => ({ uri: `s3:/${file}`, sha256: 'c'.repeat(64), bytes: 1 });
const pathOf = (object: { uri: string } | undefined) => object?.uri.slice('s3:/'.length);

/** Compares with DuckDB as the real one does. */
function plannerOf(
  folder: string,
  wanted: ReadonlyMap<string, WantedRow>,
  next: () => string,
  partRows: number,
): MaterializationPlanner {
  return {
    async plan({ run, held, uncertain }) {
      const out = path.join(folder, run.materializationId, next());
      mkdirSync(out, { recursive: true });
      const changed = await withDuckDb({ folder, functionMemoryMb: 256 }, async (database) => {
        await fill(database, wanted);
        const [heldPath, uncertainPath] = [pathOf(held), pathOf(uncertain)];
        return writeChanges(database, {
          folder: out,
          full: run.mode === 'full',
          partRows,
          ...(heldPath === undefined ? {} : { held: heldPath }),
          ...(uncertainPath === undefined ? {} : { uncertain: uncertainPath }),
        });
      });
      const { parts, rows, entities } = changed;
      return {
        folder: out,
        parts,
        rows,
        entities,
        state: objectAt(path.join(out, 'state.parquet')),
        uncertain: objectAt(path.join(out, 'uncertain.parquet')),
        dataset: 'taxi',
        datasetVersion: 1,
      };
    },
  };
}

async function fill(database: DuckDb, wanted: ReadonlyMap<string, WantedRow>): Promise<void> {
  await database.run('CREATE TABLE wanted (key VARCHAR, rank VARCHAR, payload VARCHAR, digest VARCHAR)');
  const rows = [...wanted].map(([entity, { eventAt, value }]) => {
    const payload = JSON.stringify([value]);
    const rank = rankOf({ eventAt, availableAt: eventAt, tie: '' });
    return `(${[entityKeyText([entity]), rank, payload].map(quoteText).join(', ')}, md5(${quoteText(payload)}))`;
  });
  if (rows.length > 0) await database.run(`INSERT INTO wanted VALUES ${rows.join(', ')}`);
}
