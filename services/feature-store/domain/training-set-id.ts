import { digestOf } from '#shared/kernel/hash.ts';

/** Counts up when the same input would be built to other bytes. */
const recipeVersion = 1;
/** The same, for sets with features of a service. */
const serviceRecipeVersion = 1;

/** What a feature service puts into a set: its pinned version, and the rows that its views are made of. */
export interface PinnedSources {
  readonly service: string;
  readonly version: number;
  readonly views: readonly {
    readonly view: string;
    readonly version: number;
    readonly sourceSha256: string;
  }[];
}

/** Names a training set by all that decides its bytes: asked for twice, it is built once. */
export function trainingSetIdOf(
  input: {
    project: string;
    projectRevision: number;
    datasetVersion: number;
    asOf: string;
  },
  sources?: PinnedSources,
): string {
  const { project, projectRevision, datasetVersion, asOf } = input;
  const decisive = {
    recipeVersion,
    project,
    projectRevision,
    datasetVersion,
    asOf: new Date(asOf).toISOString(),
    ...(sources
      ? {
          serviceRecipeVersion,
          service: { name: sources.service, version: sources.version },
          views: sources.views.map(({ view, version, sourceSha256 }) => [view, version, sourceSha256]),
        }
      : {}),
  };
  return `ts-${digestOf(decisive).slice(0, 32)}`;
}
