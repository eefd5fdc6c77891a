import { type Caller, hasRole } from '#shared/contracts/caller.ts';
import { projectName } from '#shared/contracts/parts.ts';
import { AppError } from '#shared/kernel/errors.ts';

/** Owns what belongs to no other project: experiment 0, and what a caller with all projects names freely. */
export const defaultProject = 'default';

/** Tag by which a client says which project an experiment or a registered model belongs to. */
export const projectTag = 'millrace.project';

/**
 * The project that owns an experiment (`wine`, `wine/tuning`) or a registered model (`wine`, `wine.shadow`) that a caller makes:
 * the one that the tag names; else the one that the name begins with; else the only one that the caller may write to; else,
 * for callers of all projects, `default`. Throws RoleMissing, ProjectUnclear, InvalidProjectTag.
 */
export function owningProject(caller: Caller, name: string, tag: string | undefined): string {
  if (tag !== undefined) return taggedProject(caller, tag);
  const [first = ''] = name.split(/[/.]/);
  const isWritable = (project: string) => hasRole(caller, 'scientist', project);
  if (projectName.safeParse(first).success && isWritable(first)) return first;
  if (isWritable(defaultProject)) return defaultProject;
  const own = [...new Set(caller.grants.map(({ project }) => project))].filter(isWritable);
  if (own.length === 1 && own[0] !== undefined) return own[0];
  throw own.length === 0 ? noProject(caller, name) : unclearProject(name, own);
}

function taggedProject(caller: Caller, tag: string): string {
  if (!projectName.safeParse(tag).success) {
    throw new AppError(
      'invalid_input',
      'InvalidProjectTag',
      `The tag ${projectTag} is '${tag}'. A project's name begins with a letter and holds 2 to 32 lower-case letters, digits and hyphens.`,
    );
  }
  if (hasRole(caller, 'scientist', tag)) return tag;
  throw new AppError(
    'forbidden',
    'RoleMissing',
    `'${caller.id}' needs the role scientist for project '${tag}', which the tag ${projectTag} names.`,
  );
}

const noProject = (caller: Caller, name: string): AppError =>
  new AppError(
    'forbidden',
    'RoleMissing',
    `'${caller.id}' may not make '${name}': it needs the role scientist for a project. Ask an admin for a token with one of: scientist, approver, admin.`,
  );

const unclearProject = (name: string, own: readonly string[]): AppError =>
  new AppError(
    'invalid_input',
    'ProjectUnclear',
    `It is not clear which project '${name}' belongs to: you may write to ${own.join(', ')}. Begin the name with the project ('${own[0]}/${name}' for an experiment, '${own[0]}.${name}' for a model), or set the tag ${projectTag}.`,
  );
