import type * as z from 'zod';
import type { data } from './data.ts';
import type { features } from './features.ts';
import type { ColumnType } from './source-columns.ts';
import type { training } from './training.ts';

interface ModelParts {
  readonly features: z.output<typeof features>;
  readonly training: z.output<typeof training>;
  readonly data: z.output<typeof data>;
}

/** Columns of the data that the model's feature service is asked with: join keys of the views that it reads, and members of its request. */
export function askedColumns({ features, training, data }: ModelParts): ReadonlyMap<string, ColumnType> {
  const { featureViews, onDemandFeatureViews, entities } = features;
  const service = features.featureServices[training.featureService ?? ''];
  const named = (service?.features ?? []).map((reference) => reference.split(':')[0]!);
  const onDemand = named.flatMap((view) => onDemandFeatureViews[view] ?? []);
  const views = [...named, ...onDemand.flatMap((view) => view.views)].flatMap(
    (view) => featureViews[view] ?? [],
  );
  const asked: [string, ColumnType][] = [
    ...onDemand.flatMap(({ request }) => Object.entries(request)),
    ...views.flatMap((view) =>
      view.entities.flatMap((entity) => Object.entries(entities[entity]?.joinKeys ?? {})),
    ),
  ];
  return new Map(asked.filter(([name]) => Object.hasOwn(data.columns, name)));
}
