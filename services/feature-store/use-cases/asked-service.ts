import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { PinnedSources } from '../domain/training-set-id.ts';
import type { ServiceDefinitions, ServiceFeatures, ViewFiles } from '../ports.ts';

export interface AskedServiceDeps {
  readonly definitions: ServiceDefinitions;
  readonly viewFiles: Pick<ViewFiles, 'list'>;
}

/** A pinned feature service, before it is known how the project's rows ask it. */
export type AskedService = Omit<ServiceFeatures, 'columns'>;

/** The feature service that the project's model uses, pinned, with where the rows of its views are. */
export async function askedService(
  { definitions, viewFiles }: AskedServiceDeps,
  { training }: ProjectDefinition,
  { project, projectRevision, asOf }: { project: string; projectRevision: number; asOf: string },
): Promise<AskedService | undefined> {
  if (training.featureService === undefined) return undefined;
  const { version, views } = await definitions.at(project, projectRevision, training.featureService);
  const found = await Promise.all(views.map((view) => viewFiles.list(view, asOf)));
  return {
    version,
    views: version.views.map((pinned, index) => ({
      pinned,
      definition: views[index]!,
      found: found[index]!,
    })),
  };
}

/** What of the service decides a training set's bytes. */
export const pinnedSources = ({ version, views }: AskedService): PinnedSources => ({
  service: version.service,
  version: version.version,
  views: views.map(({ pinned, found }) => ({
    view: pinned.view,
    version: pinned.version,
    sourceSha256: found.sourceSha256,
  })),
});

export const sourceOfView = ({ pinned: { view, version }, found }: ServiceFeatures['views'][number]) => ({
  view,
  version,
  ...(found.dataset === undefined ? {} : { dataset: found.dataset }),
  ...(found.datasetVersion === undefined ? {} : { datasetVersion: found.datasetVersion }),
  sourceSha256: found.sourceSha256,
});

/** What the function's disk and its time are enough for: rows and views lie on it as files, and what does not fit into memory besides. */
const maxSourceBytes = 1_000_000_000;

/**
 * Refuses what is too large to be joined in a function (TrainingSetTooLarge), before anything is read: one that runs out of memory says nothing.
 */
export function assertSize(validated: StoredObject, { version, views }: ServiceFeatures): void {
  const objects = [validated, ...views.flatMap(({ found }) => found.objects.map(({ object }) => object))];
  const bytes = [...new Map(objects.map((object) => [object.uri, object.bytes])).values()].reduce(
    (sum, size) => sum + size,
    0,
  );
  if (bytes <= maxSourceBytes) return;
  throw new AppError(
    'precondition_failed',
    'TrainingSetTooLarge',
    `The rows, and those of the views of the feature service '${version.service}', take ${bytes} bytes; ${maxSourceBytes} are allowed where a training joins them. Leave out views, or keep less history in their sources; a retrieval of historical features may be larger.`,
  );
}
