import type * as z from 'zod';
import type { ProjectRevision } from '#services/projects/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type {
  FeatureServiceVersion,
  FeatureViewSettings,
  FeatureViewVersion,
  viewState,
} from '../contract.ts';
import type { DefinedRevision } from '../domain/defined-revision.ts';
import type { ViewKey } from './online.ts';

export type { DefinedRevision };

/** A version of a view with what the newest revision says about it. */
export interface DefinedView {
  readonly version: FeatureViewVersion;
  readonly settings: FeatureViewSettings;
}

/** A model version and the version of a feature service that it keeps. */
export interface PinningModel {
  readonly project: string;
  readonly service: string;
  readonly version: number;
  readonly model: string;
  readonly modelVersion: number;
}

/** The event that a change comes of; a second delivery changes nothing. */
export interface Consumed {
  readonly consumer: string;
  readonly eventId: string;
}

export interface DefinitionStore {
  /** Names of projects whose newest revision declares feature views. */
  projects(): Promise<readonly string[]>;
  newestRevision(project: string): Promise<DefinedRevision | undefined>;
  revisionAt(project: string, projectRevision: number): Promise<DefinedRevision | undefined>;
  /** A version of a view; the newest revision's where none is named. */
  view(project: string, view: string, version?: number): Promise<FeatureViewVersion | undefined>;
  /** The views of the newest revision. */
  viewsOf(project: string): Promise<readonly DefinedView[]>;
  /** All versions, oldest first. */
  viewVersions(project: string, view: string): Promise<readonly FeatureViewVersion[]>;
  /** A version of a service; the newest revision's where none is named. */
  service(project: string, service: string, version?: number): Promise<FeatureServiceVersion | undefined>;
  servicesOf(project: string): Promise<readonly FeatureServiceVersion[]>;
  /** All versions, oldest first. */
  serviceVersions(project: string, service: string): Promise<readonly FeatureServiceVersion[]>;
  /** Keeps a version of a view. Throws DefinitionChanged (conflict) where the number is taken. */
  addView(view: FeatureViewVersion): Promise<void>;
  /** Keeps a version of a service. Throws DefinitionChanged (conflict) where the number is taken. */
  addService(service: FeatureServiceVersion): Promise<void>;
  /**
   * Keeps what a revision declares, once its versions are kept, with the event that tells of it. It is the newest where `isNewest` says so.
   * Throws DefinitionChanged (conflict) where the revision, or a newer one, was kept meanwhile.
   */
  addRevision(
    revision: DefinedRevision,
    after: { readonly newest: DefinedRevision | undefined; readonly isNewest: boolean },
    told: { readonly event?: DomainEvent; readonly consumed?: Consumed },
  ): Promise<void>;
  /** Marks an event as consumed where there is nothing else to keep. */
  consume(consumed: Consumed): Promise<void>;
}

export interface PinningModelStore {
  add(pinning: PinningModel, consumed: Consumed): Promise<void>;
  /** Names of the services that model versions keep, declared still or not. */
  services(project: string): Promise<readonly string[]>;
  /** Of all versions of a service, by version, model and model version. */
  list(project: string, service: string): Promise<readonly PinningModel[]>;
}

/** How fresh views are online. */
export interface ViewStates {
  /** In the order of the views; empty for what was never written. */
  of(project: string, views: readonly FeatureViewVersion[]): Promise<readonly z.output<typeof viewState>[]>;
  /** Notes the event time of the newest row that came to a stream, in microseconds. An older one changes nothing. */
  grow(key: ViewKey, newestEventAt: number): Promise<void>;
}

/** What other services know of projects. */
export interface ProjectDefinitions {
  /** The newest revision, or the one asked for. Throws ProjectNotFound, RevisionNotFound. */
  revision(project: string, revision?: number): Promise<ProjectRevision>;
}
