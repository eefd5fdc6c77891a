import { orderOf } from '../domain/rank.ts';
import type {
  DeclaredViews,
  EntityChange,
  MaterializationExecution,
  MaterializationFiles,
  MaterializationStore,
  MaterializedWriter,
  MaterializedWriters,
  PartOutcome,
  ViewKey,
} from '../ports.ts';
import { declaredVersion } from './declared-version.ts';
import { currentRun } from './plan-materialization.ts';

export interface WritePartDeps {
  readonly store: MaterializationStore;
  readonly declared: DeclaredViews;
  readonly files: MaterializationFiles;
  readonly writers: MaterializedWriters;
}

/** Entities written before it is asked again whether this execution is still the one that writes. */
const entitiesAtOnce = 1000;

/** Writes one part, or nothing where it was written before. Throws MaterializationReplaced, and what the online store throws. */
export async function writePart(
  deps: WritePartDeps,
  { part, ...execution }: MaterializationExecution & { readonly part: number },
): Promise<void> {
  const { project, view, version } = execution;
  const key = { project, view, version };
  const run = await currentRun(deps, execution);
  if (!run.plan || (await deps.store.isWritten(run, part))) return;
  const definition = await declaredVersion(deps.declared, key);
  const changes = await deps.files.part(definition, run.plan, part);
  const writer = await deps.writers.of(definition);
  const { ttlSeconds } = definition;
  const settings = ttlSeconds === undefined ? {} : { ttlSeconds };
  let outcome: PartOutcome = { rows: 0, put: 0, deleted: 0, skipped: 0 };
  for (let start = 0; start < changes.length; start += entitiesAtOnce) {
    if (start > 0) await currentRun(deps, execution);
    const chunk = changes.slice(start, start + entitiesAtOnce);
    outcome = sum(outcome, await writeChanges(writer, key, chunk, settings));
  }
  await deps.store.savePart(run, part, outcome);
}

/** Older values that a row of a lower rank replaces (another row was erased, or an older version restored) go first: a put never replaces a newer row. */
async function writeChanges(
  writer: MaterializedWriter,
  key: ViewKey,
  changes: readonly EntityChange[],
  settings: { readonly ttlSeconds?: number },
): Promise<PartOutcome> {
  const removals = (gone: boolean) =>
    changes.flatMap(({ key: entity, ceiling, rank }) =>
      ceiling !== undefined && (rank === undefined) === gone ? [{ key: entity, ...orderOf(ceiling) }] : [],
    );
  const corrected = removals(false);
  if (corrected.length > 0) await writer.delete(key, corrected);
  const gone = removals(true);
  const deleted = gone.length > 0 ? await writer.delete(key, gone) : 0;
  const rows = changes.flatMap(({ key: entity, rank, values }) =>
    rank !== undefined && values ? [{ key: entity, ...orderOf(rank), values }] : [],
  );
  const states = changes.flatMap(({ key: entity, rank, state }) =>
    rank !== undefined && state ? [{ key: entity, newestRank: rank, state }] : [],
  );
  const written = [
    rows.length > 0 ? await writer.put(key, rows, settings) : { put: 0, skipped: 0 },
    states.length > 0 ? await writer.putStates(key, states) : { put: 0, skipped: 0 },
  ];
  const total = (what: 'put' | 'skipped') => written.reduce((all, one) => all + one[what], 0);
  return { rows: changes.length, put: total('put'), deleted, skipped: total('skipped') };
}

const sum = (a: PartOutcome, b: PartOutcome): PartOutcome => ({
  rows: a.rows + b.rows,
  put: a.put + b.put,
  deleted: a.deleted + b.deleted,
  skipped: a.skipped + b.skipped,
});
