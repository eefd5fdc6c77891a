import type { FeatureServiceVersion, FeatureValue } from '../contract.ts';
import type { DefinitionStore } from './definitions.ts';

/** What is read of definitions while callers wait: versions for ever, the newest revision at most a second old. */
export type DefinitionReader = Pick<DefinitionStore, 'newestRevision' | 'view' | 'service'>;

/** Computes the on-demand features of a service for one entity, by their name in answers. */
export type OnDemand = (
  service: Pick<FeatureServiceVersion, 'onDemand'>,
  at: {
    readonly request: Readonly<Record<string, FeatureValue>>;
    readonly views: Readonly<Record<string, Readonly<Record<string, FeatureValue>>>>;
  },
) => Readonly<Record<string, FeatureValue>>;
