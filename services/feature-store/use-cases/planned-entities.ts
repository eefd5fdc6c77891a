import { parseCondition } from '#shared/expressions/parse.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { EntityRows } from '../contract.ts';
import type { PlannedEntities } from '../domain/retrieval-plan.ts';
import type { EntityDatasets, EntityFiles } from '../ports.ts';

export interface PlannedEntitiesDeps {
  readonly datasets: EntityDatasets;
  readonly files: Pick<EntityFiles, 'find'>;
}

/** The column of entity rows that says when, where nobody names one. */
const defaultTimestamp = 'event_timestamp';

/**
 * Entity rows with nothing left open. `needed` are the columns that views and expressions read; where the columns are known before the rows
 * are read, they are looked for at once. Throws InvalidEntities, InvalidExpression (invalid_input), EntityFileNotFound (not_found),
 * DatasetNotTrainable (precondition_failed).
 */
export async function planEntities(
  deps: PlannedEntitiesDeps,
  project: string,
  asked: EntityRows,
  needed: readonly string[],
): Promise<PlannedEntities> {
  switch (asked.type) {
    case 'rows': {
      const { rows, eventTimestamp = defaultTimestamp } = asked;
      const names = new Set(rows.flatMap((row) => Object.keys(row)));
      assertColumns(names, [eventTimestamp, ...needed], 'The entity rows have');
      return { type: 'rows', rows, eventTimestamp };
    }
    case 'file': {
      const file = await deps.files.find(project, asked.fileId);
      if (!file)
        throw new AppError(
          'not_found',
          'EntityFileNotFound',
          `There is no file of entity rows '${asked.fileId}' in '${project}'. Send it to the address that createEntityFile gives, and ask within a day.`,
        );
      return { type: 'file', ...file, eventTimestamp: asked.eventTimestamp ?? defaultTimestamp };
    }
    case 'dataset':
      return planDataset(deps, project, asked, needed);
  }
}

async function planDataset(
  { datasets }: PlannedEntitiesDeps,
  project: string,
  asked: Extract<EntityRows, { type: 'dataset' }>,
  needed: readonly string[],
): Promise<PlannedEntities> {
  const { dataset = project, where, columns } = asked;
  const { datasetVersion, validated, verdict, projectRevision } = await datasets.validation(
    dataset,
    asked.datasetVersion,
  );
  if (!validated || (verdict !== 'Pass' && verdict !== 'Warn'))
    throw new AppError(
      'precondition_failed',
      'DatasetNotTrainable',
      `Dataset version ${datasetVersion} of '${dataset}' has the verdict ${verdict}; rows are there of Pass and Warn only. Read its validation report, then upload what it lacks.`,
    );
  const { data } = (await datasets.revision(dataset, projectRevision)).definition;
  const types = Object.fromEntries(Object.entries(data.columns).map(([name, { type }]) => [name, type]));
  const eventTimestamp = asked.eventTimestamp ?? data.eventTime;
  if (eventTimestamp === undefined)
    throw invalid(
      `The dataset of '${dataset}' names no eventTime: say with eventTimestamp which column tells when a row happened. It has ${list(Object.keys(types))}.`,
    );
  assertColumns(
    new Set(Object.keys(types)),
    [eventTimestamp, ...(columns ?? [])],
    `The dataset of '${dataset}' has`,
  );
  const kept = columns && [...new Set([...columns, eventTimestamp])];
  assertColumns(
    new Set(kept ?? Object.keys(types)),
    needed,
    kept ? 'The columns that are asked for are' : `The dataset of '${dataset}' has`,
  );
  if (where !== undefined) parseCondition(where, types);
  return {
    type: 'dataset',
    dataset,
    datasetVersion,
    validated,
    eventTimestamp,
    types,
    ...(where === undefined ? {} : { where }),
    ...(kept === undefined ? {} : { columns: kept }),
  };
}

function assertColumns(there: ReadonlySet<string>, needed: readonly string[], whoHas: string): void {
  const missing = [...new Set(needed)].filter((name) => !there.has(name));
  if (missing.length === 0) return;
  throw invalid(
    `${whoHas} ${list([...there])}; ${list(missing)} ${missing.length === 1 ? 'is' : 'are'} missing. Join keys of the views, what expressions ask of a request, and the event timestamp are needed.`,
  );
}

const list = (names: readonly string[]): string =>
  names
    .slice(0, 20)
    .map((name) => `'${name}'`)
    .join(', ') + (names.length > 20 ? ', …' : '');

const invalid = (message: string): AppError => new AppError('invalid_input', 'InvalidEntities', message);
