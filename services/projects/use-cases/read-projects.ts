import { AppError } from '#shared/kernel/errors.ts';
import { invalidPageToken, type Page } from '#shared/kernel/paging.ts';
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

/**
 * The projects that the caller may see, by name: a page of all, or those named. Named ones are read by themselves: what a page token of
 * all projects says must not reach who may see some. Throws InvalidPageToken.
 */
export async function listProjects(
  store: ProjectStore,
  input: { visible: 'all' | readonly string[]; pageToken?: string | undefined },
): Promise<Page<ListedProject>> {
  if (input.visible === 'all') {
    const page = await store.list({ limit: pageSize, pageToken: input.pageToken });
    return { ...page, items: page.items.map(listed) };
  }
  if (input.pageToken !== undefined) throw invalidPageToken(input.pageToken);
  const names = [...new Set(input.visible)].sort();
  const found = await Promise.all(names.map((name) => store.newest(name)));
  return { items: found.filter((revision) => revision !== undefined).map(listed) };
}

type ListedProject = Pick<ProjectRevision, 'project' | 'revision' | 'appliedAt'> &
  Pick<ProjectRevision['definition'], 'description' | 'owners'>;

const listed = ({ project, revision, appliedAt, definition }: ProjectRevision): ListedProject => ({
  project,
  revision,
  appliedAt,
  description: definition.description,
  owners: definition.owners,
});

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
