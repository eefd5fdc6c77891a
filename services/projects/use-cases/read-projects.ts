import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import type { ProjectRevision } from '../contract.ts';
import type { ProjectStore } from '../ports.ts';

const pageSize = 50;

/** The newest revision, or the one asked for. Throws ProjectNotFound or RevisionNotFound. */
export async function readProject(
  store: ProjectStore,
  input: { project: string; revision?: number | undefined },
): Promise<ProjectRevision> {
  const { project, revision } = input;
  const found =
    revision === undefined ? await store.newest(project) : await store.revision(project, revision);
  if (found) return found;
  if (revision !== undefined && (await store.newest(project))) {
    throw new AppError('not_found', 'RevisionNotFound', `Project '${project}' has no revision ${revision}.`);
  }
  throw new AppError(
    'not_found',
    'ProjectNotFound',
    `There is no project '${project}'. Apply its file first: millrace apply, or PUT /v1/projects/${project}.`,
  );
}

/** A page of the projects that `maySee` lets through, by name. A page may hold fewer than others and still not be the last. */
export async function listProjects(
  store: ProjectStore,
  input: { maySee: (project: string) => boolean; pageToken?: string | undefined },
): Promise<Page<Pick<ProjectRevision, 'project' | 'revision' | 'appliedAt'> & ListedDefinition>> {
  const page = await store.list({ limit: pageSize, pageToken: input.pageToken });
  return {
    items: page.items
      .filter(({ project }) => input.maySee(project))
      .map(({ project, revision, appliedAt, definition }) => ({
        project,
        revision,
        appliedAt,
        description: definition.description,
        owners: definition.owners,
      })),
    ...(page.nextPageToken === undefined ? {} : { nextPageToken: page.nextPageToken }),
  };
}

interface ListedDefinition {
  readonly description: string;
  readonly owners: string[];
}

/** The names of all projects, sorted. */
export async function listProjectNames(store: ProjectStore): Promise<string[]> {
  const names: string[] = [];
  let pageToken: string | undefined;
  do {
    const page: Page<ProjectRevision> = await store.list({ limit: pageSize, pageToken });
    names.push(...page.items.map(({ project }) => project));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return names;
}
