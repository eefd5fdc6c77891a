import type { ProjectDefinition, ProjectRevision, Target } from '#services/projects/contract.ts';
import type { ValidationReport } from '#services/validation/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import type { FeatureServiceVersion, FeatureViewVersion, PinnedView, TrainingSet } from '../contract.ts';
import type { FoundLabels } from '../domain/classes.ts';
import type { ServiceColumns, TrainingColumns } from '../domain/training-columns.ts';
import type { ViewObjects } from './view-files.ts';

/** What other services know. */
export interface Sources {
  projectRevision(project: string, revision: number): Promise<ProjectRevision>;
  validation(project: string, datasetVersion: number): Promise<ValidationReport>;
  datasetSha256(project: string, datasetVersion: number): Promise<string>;
}

/** A version of a feature service, with the versions of its views in the service's order. */
export interface DefinedService {
  readonly version: FeatureServiceVersion;
  readonly views: readonly FeatureViewVersion[];
}

/** What is declared, by the revision that a training belongs to. */
export interface ServiceDefinitions {
  /** Throws FeatureServiceNotFound (not_found) where the revision declares none of the name. */
  at(project: string, projectRevision: number, service: string): Promise<DefinedService>;
}

/** A feature service that the chosen rows are completed by, and where the rows of its views are. */
export interface ServiceFeatures {
  readonly version: FeatureServiceVersion;
  readonly columns: ServiceColumns;
  readonly views: readonly {
    readonly pinned: PinnedView;
    readonly definition: FeatureViewVersion;
    readonly found: ViewObjects;
  }[];
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
  /** Absent where the project's model sees columns of the data alone. */
  readonly service?: ServiceFeatures;
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
