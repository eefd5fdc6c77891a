import { AppError } from '#shared/kernel/errors.ts';
import { foreignDatasets, type ProjectDefinition } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';

type Datasets = ReadonlyMap<string, ProjectDefinition['data']>;

/**
 * The data of other projects, by name. `mayRead` throws where the caller may not see one, before anything tells whether it exists. Throws
 * DataSourceNotFound (invalid_input).
 */
export async function readDatasets(
  store: ProjectStore,
  names: readonly string[],
  mayRead: (project: string) => void,
): Promise<Datasets> {
  for (const name of names) mayRead(name);
  const found = await Promise.all(
    names.map(async (name) => {
      const newest = await store.newest(name);
      if (newest) return [name, newest.definition.data] as const;
      throw new AppError(
        'invalid_input',
        'DataSourceNotFound',
        `A source of features names the dataset of '${name}', and there is no project '${name}'. Apply it first, or correct the name.`,
      );
    }),
  );
  return new Map(found);
}

/** The data of the other projects that a definition's features come from already: whoever declared them was allowed to read it. */
export const datasetsOf = (store: ProjectStore, { features, name }: ProjectDefinition): Promise<Datasets> =>
  readDatasets(store, foreignDatasets(features, name), () => undefined);
