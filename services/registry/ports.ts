import type { ModelVersion } from '#services/registry/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { Page } from '#shared/kernel/paging.ts';

/** A version as it is stored: immutable. Which aliases point to it is kept with the aliases. */
export type RegisteredVersion = Omit<ModelVersion, 'aliases'>;

export interface AliasMove {
  readonly model: string;
  readonly alias: string;
  readonly fromVersion?: number;
  readonly toVersion: number;
  readonly movedAt: string;
  readonly reason: string;
}

export interface RegistryStore {
  /** Number of the newest version of a model; 0 before the first. */
  latestVersion(model: string): Promise<number>;
  versionOfTraining(trainingId: string): Promise<number | undefined>;
  /**
   * Writes the version that follows the newest, and the alias move, at once. Throws VersionTaken (conflict) when another one took
   * the number or moved the alias, or the training registered meanwhile.
   */
  saveVersion(version: RegisteredVersion, move: AliasMove, events: readonly DomainEvent[]): Promise<void>;
  readVersion(model: string, modelVersion: number): Promise<RegisteredVersion | undefined>;
  listVersions(model: string, pageToken: string | undefined): Promise<Page<RegisteredVersion>>;
  /** Aliases of a model with the versions that they point to. */
  readAliases(model: string): Promise<Readonly<Record<string, number>>>;
  /** Throws AliasMoved (conflict) when the alias does not point to `fromVersion` any more. */
  moveAlias(move: AliasMove, events: readonly DomainEvent[]): Promise<void>;
  listAliasMoves(model: string, alias: string, pageToken: string | undefined): Promise<Page<AliasMove>>;
}
