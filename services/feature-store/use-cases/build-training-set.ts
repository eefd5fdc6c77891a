import type * as z from 'zod';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import { type ProjectDefinition, targetOf } from '#services/projects/contract.ts';
import type { ValidationReport } from '#services/validation/contract.ts';
import { causedBy, type EventMetadata } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { digestOf } from '#shared/kernel/hash.ts';
import type { TrainingSet, buildTrainingSet as task } from '../contract.ts';
import { classesOf } from '../domain/classes.ts';
import { servicePin } from '../domain/service-signature.ts';
import { serviceColumns, trainingColumns } from '../domain/training-columns.ts';
import { trainingSetIdOf } from '../domain/training-set-id.ts';
import type { ChooseRows, ChosenRows, RowChooser, Sources, TrainingSetStore } from '../ports.ts';
import {
  type AskedService,
  type AskedServiceDeps,
  askedService,
  assertSize,
  pinnedSources,
  sourceOfView,
} from './asked-service.ts';

export interface BuildTrainingSetDeps extends AskedServiceDeps {
  readonly sources: Sources;
  readonly chooser: RowChooser;
  readonly store: TrainingSetStore;
  readonly clock: Clock;
}

type Input = z.infer<typeof task.input>;

/**
 * Builds the training set that the input names, or gives the one that was built of the same before. Where the project's model uses a
 * feature service, its version is pinned and its features are those of each row's own time. Throws DatasetNotTrainable, NoTrainingRows,
 * TooFewClasses, TooManyClasses, PositiveClassMissing, UnsupportedFeatureType, NoTarget; with a service also FeatureServiceNotFound,
 * EventTimeMissing, ServiceColumnsMissing, FeatureNameTaken, LabelLeakage, InvalidEntities, TrainingSetTooLarge.
 */
export async function buildTrainingSet(
  deps: BuildTrainingSetDeps,
  input: Input,
  cause: EventMetadata,
): Promise<TrainingSet> {
  const { definition } = await deps.sources.projectRevision(input.project, input.projectRevision);
  const asked = await askedService(deps, definition, input);
  const trainingSetId = trainingSetIdOf(input, asked && pinnedSources(asked));
  const before = await deps.store.find(trainingSetId);
  if (before) return before;
  const trainingSet = await build(deps, input, { definition, asked, trainingSetId });
  const metadata = causedBy(cause, {
    eventId: trainingSetId,
    occurredAt: deps.clock.now(),
    actor: { type: 'service', id: 'feature-store' },
  });
  try {
    await deps.store.save(
      input.project,
      trainingSet,
      TrainingSetBuilt.create(metadata, factOf(input.project, trainingSet)),
    );
    return trainingSet;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'TrainingSetExists') throw error;
    return (await deps.store.find(trainingSetId)) ?? trainingSet;
  }
}

interface Wanted {
  readonly definition: ProjectDefinition;
  readonly asked: AskedService | undefined;
  readonly trainingSetId: string;
}

async function build(
  { sources, chooser }: BuildTrainingSetDeps,
  input: Input,
  { definition, asked, trainingSetId }: Wanted,
): Promise<TrainingSet> {
  const { project, datasetVersion, asOf } = input;
  const [report, datasetSha256] = await Promise.all([
    sources.validation(project, datasetVersion),
    sources.datasetSha256(project, datasetVersion),
  ]);
  const validated = trainableRows(report);
  const columns = trainingColumns(definition, asked?.version);
  const service = asked && { ...asked, columns: serviceColumns(definition, columns, asked.version) };
  if (service) assertSize(validated, service);
  const target = targetOf(definition);
  const { task: learningTask } = target;
  const choice: ChooseRows = {
    project,
    trainingSetId,
    validated,
    columns,
    task: learningTask,
    split: definition.split,
    asOf,
    ...(service ? { service } : {}),
  };
  return chooser.withChosenRows(choice, async (chosen): Promise<TrainingSet> => {
    assertRows(chosen.rows, input);
    const signature = {
      task: learningTask,
      inputs: [...columns.features, ...(service?.columns.outputs ?? [])].map(({ name, type }) => ({
        name,
        type,
      })),
      target: columns.target.name,
      classes: classesOf(definition, target, chosen.labels),
      ...(service ? { featureService: servicePin(service.version) } : {}),
    };
    const parts = await chosen.keep(signature.classes);
    const content = { signature, parts: Object.values(parts).map(({ sha256 }) => sha256) };
    return {
      trainingSetId,
      contentSha256: digestOf(content),
      asOf,
      datasetVersion,
      datasetSha256,
      signature,
      ...(service ? { views: service.views.map(sourceOfView) } : {}),
      rows: chosen.rows,
      ...parts,
    };
  });
}

function trainableRows({ project, datasetVersion, verdict, validated }: ValidationReport): StoredObject {
  if (validated && (verdict === 'Pass' || verdict === 'Warn')) return validated;
  throw new AppError(
    'precondition_failed',
    'DatasetNotTrainable',
    `Dataset version ${datasetVersion} of '${project}' has the verdict ${verdict}; only Pass and Warn may be trained on. Read its validation report, then upload what it lacks.`,
  );
}

function assertRows(rows: ChosenRows['rows'], { project, datasetVersion, asOf }: Input): void {
  const empty = (['train', 'validation', 'test'] as const).filter((part) => rows[part] === 0);
  if (empty.length === 0) return;
  throw new AppError(
    'precondition_failed',
    'NoTrainingRows',
    `Of dataset version ${datasetVersion} of '${project}' no row with a target, known at ${asOf}, falls into: ${empty.join(', ')} (rows: train ${rows.train}, validation ${rows.validation}, test ${rows.test}). Upload more rows.`,
  );
}

function factOf(project: string, set: TrainingSet) {
  const { trainingSetId, datasetVersion, asOf, contentSha256, rows, signature } = set;
  const { featureService } = signature;
  return {
    project,
    trainingSetId,
    datasetVersion,
    asOf,
    contentSha256,
    rows,
    featureNames: signature.inputs.map(({ name }) => name),
    ...(featureService
      ? { featureService: { service: featureService.service, version: featureService.version } }
      : {}),
    ...(set.views ? { views: set.views.map(({ sourceSha256: _hash, ...view }) => view) } : {}),
  };
}
