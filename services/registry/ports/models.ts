import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Stage } from '../domain/stages.ts';
import type { VersionStatus } from '../domain/version-status.ts';
import type { AliasMove } from './aliases.ts';

export type Tags = Readonly<Record<string, string>>;

/** A registered model as MLflow's API shows it, a prompt too. */
export interface RegisteredModel {
  /** Where its items lie: the first name that it had, made unique; never changes. */
  readonly modelId: string;
  readonly name: string;
  readonly project: string;
  /** Number of the newest version, 0 before the first; deleted ones count. */
  readonly latestVersion: number;
  /** The newest version of each stage that is not deleted. */
  readonly latestByStage: Readonly<Partial<Record<Stage, number>>>;
  readonly description?: string;
  readonly tags: Tags;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Counts changes; 0 on those that the release before wrote. */
  readonly revision: number;
}

/** What clients see and change of a version; what is immutable of a trained one lies beside. */
export interface VersionEntry extends VersionStatus {
  readonly modelId: string;
  readonly modelVersion: number;
  readonly source: string;
  /** Where the files are, if the source names a place that names another. */
  readonly storageLocation?: string;
  readonly runId?: string;
  readonly loggedModelId?: string;
  readonly runLink?: string;
  readonly description?: string;
  readonly tags: Tags;
  readonly stage: Stage;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /** Counts changes; 0 on those that have no item of their own yet. */
  readonly revision: number;
}

export type ModelKind = 'model' | 'prompt';

/** Whoever changes something read it before: all writes throw ModelChanged (conflict) where it is not as it was read. */
export interface ModelStore {
  find(name: string): Promise<RegisteredModel | undefined>;
  byId(modelId: string): Promise<RegisteredModel | undefined>;
  /** All that are not deleted, from the index: the newest may be missing for a moment. */
  list(kind: ModelKind): Promise<readonly RegisteredModel[]>;
  /** Throws NameTaken (already_exists). Answers the model with its id. */
  create(
    model: Omit<RegisteredModel, 'modelId' | 'revision'>,
    events: readonly DomainEvent[],
  ): Promise<RegisteredModel>;
  /** Replaces what `before` was; another name moves the claim on it. Throws NameTaken. */
  update(before: RegisteredModel, after: RegisteredModel, events: readonly DomainEvent[]): Promise<void>;
  /** Frees the name, then erases versions; the history of aliases stays. */
  delete(model: RegisteredModel, events: readonly DomainEvent[]): Promise<void>;
}

export interface VersionStore {
  /** Deleted ones are not there. */
  read(model: RegisteredModel, modelVersion: number): Promise<VersionEntry | undefined>;
  /** All of a model, as they are now, by number. */
  ofModel(model: RegisteredModel): Promise<readonly VersionEntry[]>;
  /** Those with these numbers, both included, that have an entry. */
  between(model: RegisteredModel, first: number, last: number): Promise<readonly VersionEntry[]>;
  /** All of all models, from the index. */
  all(kind: ModelKind): Promise<readonly VersionEntry[]>;
  ofRun(runId: string): Promise<readonly VersionEntry[]>;
  ofSource(source: string): Promise<readonly VersionEntry[]>;
  /** Writes the version after `before.latestVersion` and the model that has it. */
  create(
    before: RegisteredModel,
    after: RegisteredModel,
    entry: VersionEntry,
    events: readonly DomainEvent[],
  ): Promise<void>;
  /** Changes a version without its stage. */
  update(before: VersionEntry, after: VersionEntry, events: readonly DomainEvent[]): Promise<void>;
  /** Changes versions and the model that counts them. */
  moveStages(
    before: RegisteredModel,
    after: RegisteredModel,
    changed: readonly { readonly before: VersionEntry; readonly after: VersionEntry }[],
    events: readonly DomainEvent[],
  ): Promise<void>;
  /** Redacts a version and takes its aliases away. */
  delete(
    before: RegisteredModel,
    after: RegisteredModel,
    entry: VersionEntry,
    moves: readonly AliasMove[],
    events: readonly DomainEvent[],
  ): Promise<void>;
}
