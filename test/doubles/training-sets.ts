import type { FeatureViewVersion, TrainingSet } from '#services/feature-store/contract.ts';
import type { ChooseRows, ChosenRows, DefinedService } from '#services/feature-store/ports.ts';
import { buildTrainingSet } from '#services/feature-store/use-cases/build-training-set.ts';
import { projectDefinition } from '#services/projects/contract.ts';
import { type DomainEvent, startingJourney } from '#shared/contracts/event.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';

/** A project of one feature. */
export const trainingProject = {
  name: 'wine',
  owners: ['ada'],
  data: {
    primaryKey: 'id',
    columns: {
      id: { type: 'string' },
      x: { type: 'number' },
      note: { type: 'string' },
      y: { type: 'integer' },
    },
  },
  target: { column: 'y', task: 'binary_classification' },
  excludeFeatures: ['note'],
};
const storedNamed = (name: string) => ({ uri: `s3://data/${name}`, sha256: digestOf(name), bytes: 1 });
const input = { project: 'wine', projectRevision: 1, datasetVersion: 2, asOf: '2026-01-02T00:00:00.000Z' };
const cause = startingJourney({
  eventId: 'cause',
  occurredAt: new Date(0),
  project: 'wine',
  actor: { type: 'user', id: 'ada' },
});

export interface Changed {
  readonly definition?: Record<string, unknown>;
  readonly verdict?: 'Pass' | 'Warn' | 'Fail' | 'InsufficientData';
  readonly chosen?: Partial<Pick<ChosenRows, 'rows' | 'labels'>>;
  /** What the revision declares. */
  readonly service?: DefinedService;
  /** Stands for the rows that the views' sources hold. */
  readonly rowsOfViews?: string;
  readonly bytes?: number;
}

/** Building training sets, with neighbours that answer as they are told, and rows that are counted and not read. */
export function trainingSetWorld({
  definition = {},
  verdict = 'Pass',
  chosen = {},
  service,
  rowsOfViews = 'rows',
  bytes = 1,
}: Changed = {}) {
  const choices: ChooseRows[] = [];
  const saved = new Map<string, TrainingSet>();
  const events: DomainEvent[] = [];
  const builds: (readonly string[])[] = [];
  const deps = {
    sources: {
      projectRevision: async (project: string, revision: number) => ({
        project,
        revision,
        definition: projectDefinition.parse({ ...trainingProject, ...definition }),
        definitionSha256: '',
        appliedAt: '2026-01-01T00:00:00.000Z',
        appliedBy: 'ada',
      }),
      validation: async (project: string, datasetVersion: number) => ({
        project,
        datasetVersion,
        verdict,
        rows: 100,
        validRows: 100,
        quarantinedRows: 0,
        checks: [],
        validatedAt: '2026-01-01T00:00:00.000Z',
        projectRevision: 1,
        ...(verdict === 'Fail' ? {} : { validated: { ...storedNamed('validated'), bytes } }),
      }),
      datasetSha256: async () => digestOf('dataset'),
    },
    definitions: {
      at: async () => service ?? Promise.reject(new AppError('not_found', 'FeatureServiceNotFound', '')),
    },
    viewFiles: {
      list: async (view: FeatureViewVersion) => ({
        objects: [{ object: storedNamed(view.view), format: 'parquet' as const }],
        dataset: 'drivers',
        datasetVersion: 4,
        sourceSha256: digestOf([view.view, rowsOfViews]),
      }),
    },
    chooser: {
      withChosenRows: async <R>(choice: ChooseRows, run: (rows: ChosenRows) => Promise<R>) => {
        choices.push(choice);
        return run({
          rows: { train: 70, validation: 15, test: 15 },
          labels: { all: ['0', '1'], train: ['0', '1'] },
          ...chosen,
          keep: async (classes) => {
            builds.push(classes);
            const names = ['train', 'validation', 'testFeatures', 'testLabels', 'trainFeatures'];
            return Object.fromEntries(names.map((name) => [name, storedNamed(name)])) as Awaited<
              ReturnType<ChosenRows['keep']>
            >;
          },
        });
      },
    },
    store: {
      find: async (id: string) => saved.get(id),
      newest: async () => [...saved.values()].at(-1),
      save: async (_project: string, built: TrainingSet, event: DomainEvent) => {
        if (saved.has(built.trainingSetId)) throw new AppError('conflict', 'TrainingSetExists', '');
        saved.set(built.trainingSetId, built);
        events.push(event);
      },
    },
    clock: manualClock('2026-01-03T00:00:00.000Z'),
  };
  return {
    build: (changed = {}) => buildTrainingSet(deps, { ...input, ...changed }, cause),
    events,
    builds,
    choices,
  };
}
