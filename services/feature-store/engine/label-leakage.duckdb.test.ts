import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type ProjectRevision, projectDefinition } from '#services/projects/contract.ts';
import { availableAtColumn } from '#services/validation/contract.ts';
import { type DuckDb, quoteName, quoteText, withDuckDb } from '#shared/duckdb/duckdb.ts';
import { withScratchFolder } from '#shared/duckdb/scratch-folder.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import { createMemoryTable } from '#test/doubles/memory-table.ts';
import { serviceColumns, trainingColumns } from '../domain/training-columns.ts';
import type { ChooseRows } from '../ports.ts';
import { createDefinitionStore } from '../store/definition-store.ts';
import { declaredService } from '../use-cases/declared-service.ts';
import { addServiceFeatures, assertNoLeak } from './add-service-features.ts';
import { chooseRows } from './choose-rows.ts';

const example = resolve(import.meta.dirname, '../../../examples/rides');
const until = '2026-11-28T12:00:00.000Z';
const uploadedAt = '2026-11-28T12:30:00.000Z';
const asOf = '2026-11-28T13:00:00.000Z';

async function revisionOf(project: string, file: string): Promise<ProjectRevision> {
  const definition = projectDefinition.parse(parse(await readFile(join(example, file), 'utf8')));
  return { project, revision: 1, definition, definitionSha256: '', appliedAt: until, appliedBy: 'ann' };
}

/** What the example's model is trained with, as its project file says. */
async function choiceOfExample(): Promise<ChooseRows & Required<Pick<ChooseRows, 'service'>>> {
  const rides = await revisionOf('rides', 'project.yaml');
  const revisions = [rides, await revisionOf('drivers', 'drivers.yaml')];
  const { definition } = rides;
  const { version, views } = await declaredService(
    {
      definitions: createDefinitionStore(createMemoryTable()),
      projects: { revision: async (name) => revisions.find(({ project }) => project === name)! },
      clock: { now: () => new Date(until) },
    },
    'rides',
    1,
    definition.training.featureService!,
  );
  const columns = trainingColumns(definition, version);
  const found = { objects: [], sourceSha256: digestOf('rows') };
  return {
    project: 'rides',
    trainingSetId: 'ts',
    validated: { uri: 's3://data/rides', sha256: digestOf('rides'), bytes: 1 },
    columns,
    task: 'binary_classification',
    split: definition.split,
    asOf,
    service: {
      version,
      columns: serviceColumns(definition, columns, version),
      views: views.map((view, index) => ({ pinned: version.views[index]!, definition: view, found })),
    },
  };
}

/** A training set of the example, in which labels of the rides that `flipped` chooses are the other ones. */
class Training {
  readonly #database: DuckDb;
  readonly #folder: string;
  readonly #choice: Awaited<ReturnType<typeof choiceOfExample>>;

  constructor(database: DuckDb, folder: string, choice: Awaited<ReturnType<typeof choiceOfExample>>) {
    this.#database = database;
    this.#folder = folder;
    this.#choice = choice;
  }

  #path(dataset: string): string {
    return join(this.#folder, `${dataset}.parquet`);
  }

  /** What validation makes of an uploaded file. */
  validate(dataset: string, replaced = '*'): Promise<unknown> {
    const csv = quoteText(join(this.#folder, `${dataset}.csv`));
    const known = `${quoteText(uploadedAt)}::TIMESTAMPTZ AS ${quoteName(availableAtColumn)}`;
    return this.#database.run(
      `COPY (SELECT ${replaced}, ${known} FROM read_csv(${csv}, types = {${timesOf(dataset)}})) TO ${quoteText(this.#path(dataset))} (FORMAT parquet)`,
    );
  }

  async build(flipped: string): Promise<void> {
    const { service } = this.#choice;
    await this.validate('rides', `* REPLACE (CASE WHEN ${flipped} THEN 1 - late ELSE late END AS late)`);
    await this.#database.run('DROP TABLE IF EXISTS chosen');
    await chooseRows(this.#database, this.#path('rides'), this.#choice);
    await assertNoLeak(this.#database, this.#path('rides'), this.#choice, service);
    const files = service.views.map(({ definition: { source } }) => [
      { path: this.#path(source.type === 'dataset' ? source.dataset : ''), format: 'parquet' as const },
    ]);
    await addServiceFeatures(this.#database, this.#choice, service, files);
  }

  /** The features of the rides that a condition chooses, as bytes. */
  async features(which: string): Promise<string> {
    const path = join(this.#folder, 'features.csv');
    await this.#database.run(
      `COPY (SELECT chosen.* EXCLUDE (label) FROM chosen JOIN read_parquet(${quoteText(this.#path('rides'))}) rides ON key = ride_id
        WHERE ${which} ORDER BY key) TO ${quoteText(path)} (FORMAT csv, NULLSTR '')`,
    );
    return readFile(path, 'utf8');
  }

  /** Moments in the middle of the rides named. */
  async middlesOf(rides: readonly string[]): Promise<string[]> {
    const rows = await this.#database.rows<{ at: string }>(
      `SELECT CAST(requested_at + (completed_at - requested_at) / 2 AS VARCHAR) AS "at" FROM read_parquet(${quoteText(this.#path('rides'))})
       WHERE ride_id IN (${rides.map(quoteText).join(', ')}) ORDER BY requested_at`,
    );
    return rows.map(({ at }) => at);
  }
}

const timesOf = (dataset: string): string =>
  (dataset === 'rides' ? ['requested_at', 'completed_at'] : ['event_timestamp', 'created'])
    .map((name) => `${quoteText(name)}: 'TIMESTAMPTZ'`)
    .join(', ');

async function withExample(run: (training: Training) => Promise<void>): Promise<void> {
  const choice = await choiceOfExample();
  await withScratchFolder(async (folder) => {
    const maker = [join(example, 'make-data.ts'), '--until', until, '--output', folder];
    await promisify(execFile)(process.execPath, maker);
    await withDuckDb({ folder, functionMemoryMb: 1024 }, async (database) => {
      const training = new Training(database, folder, choice);
      await training.validate('drivers');
      await run(training);
    });
  });
}

const openAt = (time: string) => `completed_at > TIMESTAMPTZ '${time}'`;
const askedBy = (time: string) => `requested_at <= TIMESTAMPTZ '${time}'`;
const askedLater = (time: string) => `requested_at > TIMESTAMPTZ '${time}'`;

describe('how rides of the example end', () => {
  it('changes no byte of what was known while they had not ended', { timeout: 120_000 }, () =>
    withExample(async (training) => {
      await training.build('false');
      const times = await training.middlesOf(['r00007', 'r01234', 'r02999']);
      expect(times).toHaveLength(3);
      const wanted = times.flatMap((time) => [askedBy(time), askedLater(time)]);
      const told = new Map<string, string>();
      for (const which of wanted) told.set(which, await training.features(which));
      for (const time of times) {
        await training.build(openAt(time));
        expect((await training.features(askedBy(time))) === told.get(askedBy(time)), time).toBe(true);
        // They are seen later: features that show no label at all would be as equal.
        expect((await training.features(askedLater(time))) === told.get(askedLater(time)), time).toBe(false);
      }
    }),
  );
});
