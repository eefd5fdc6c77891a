import type { ProjectDefinition, ProjectRevision, Target } from '#services/projects/contract.ts';
import type { ValidationReport } from '#services/validation/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { TrainingSet } from '../contract.ts';
import type { FoundLabels } from '../domain/classes.ts';
import type { TrainingColumns } from '../domain/training-columns.ts';

/** What other services know. */
export interface Sources {
  projectRevision(project: string, revision: number): Promise<ProjectRevision>;
  validation(project: string, datasetVersion: number): Promise<ValidationReport>;
  datasetSha256(project: string, datasetVersion: number): Promise<string>;
}

export interface ChooseRows {
  readonly project: string;
  readonly trainingSetId: string;
  /** Parquet of the validation service. */
  readonly validated: StoredObject;
  readonly columns: TrainingColumns;
  readonly task: Target['task'];
  readonly split: ProjectDefinition['split'];
  readonly asOf: string;
}

/** The rows of a training set, chosen and split, while they are on local disk. */
export interface ChosenRows {
  readonly rows: TrainingSet['rows'];
  /** Empty for regression. */
  readonly labels: FoundLabels;
  /** Writes and stores the parts. Labels become their place in `classes`. */
  keep(classes: readonly string[]): Promise<TrainingSetParts>;
}
export type TrainingSetParts = Pick<
  TrainingSet,
  'train' | 'validation' | 'testFeatures' | 'testLabels' | 'trainFeatures'
>;
export type TrainingSetPart = keyof TrainingSetParts;

export interface RowChooser {
  withChosenRows<Result>(choice: ChooseRows, run: (chosen: ChosenRows) => Promise<Result>): Promise<Result>;
}

export interface TrainingSetStore {
  find(trainingSetId: string): Promise<TrainingSet | undefined>;
  /** The one of a project that was built last. */
  newest(project: string): Promise<TrainingSet | undefined>;
  /** Throws TrainingSetExists (conflict) when the same set was saved meanwhile. */
  save(project: string, trainingSet: TrainingSet, event: DomainEvent): Promise<void>;
}
