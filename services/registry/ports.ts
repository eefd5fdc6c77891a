import type { TrainedVersion } from '#services/registry/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { AliasMove } from './ports/aliases.ts';
import type { RegisteredModel, VersionEntry } from './ports/models.ts';

/** A trained version as it is stored: immutable. Which aliases point to it is kept with the aliases, quarantine with what clients see. */
export type RegisteredVersion = Omit<TrainedVersion, 'aliases' | 'origin' | 'statusReason'>;

/** `modelId` is where the items of a model lie: RegisteredModel.modelId. */
export interface RegistryStore {
  versionOfTraining(trainingId: string): Promise<number | undefined>;
  /**
   * Writes the version that follows the newest, its entry, and the alias move, at once. Throws ModelChanged (conflict) when
   * another one took the number or moved an alias, or the training registered meanwhile.
   */
  saveVersion(
    before: RegisteredModel,
    after: RegisteredModel,
    version: RegisteredVersion,
    entry: VersionEntry,
    move: AliasMove,
    events: readonly DomainEvent[],
  ): Promise<void>;
  readVersion(modelId: string, modelVersion: number): Promise<RegisteredVersion | undefined>;
  /** Those of trainings with these numbers, both included. */
  versionsBetween(modelId: string, first: number, last: number): Promise<readonly RegisteredVersion[]>;
  /** Whether a training registered any. */
  hasTrainedVersions(modelId: string): Promise<boolean>;
  /** Aliases of a model with the versions that they point to. */
  readAliases(modelId: string): Promise<Readonly<Record<string, number>>>;
  /** Throws ModelChanged (conflict) when the model changed, or the alias does not point to `fromVersion` any more. */
  moveAlias(model: RegisteredModel, move: AliasMove, events: readonly DomainEvent[]): Promise<void>;
  /** Moves of an alias, the last first. */
  listAliasMoves(modelId: string, alias: string, pageToken: string | undefined): Promise<Page<AliasMove>>;
  /** The last move that was not after `time` (ISO 8601). */
  aliasMoveAt(modelId: string, alias: string, time: string): Promise<AliasMove | undefined>;
}
