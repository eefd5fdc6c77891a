import * as z from 'zod';
import { AppError } from '#shared/kernel/errors.ts';
import { type Role, roles, sufficientRoles } from './endpoint.ts';

/** Who calls, as the authorizer established it and passes it on as JSON in `authorizer.identity`. */
export const callerSchema = z.object({
  id: z.string().min(1),
  /** `project` is a project’s name or `*`. */
  grants: z.array(z.object({ project: z.string(), role: z.enum(roles) })),
});
export type Caller = z.infer<typeof callerSchema>;

/** Whether the caller has the role, or one that includes it, for the project (or for all). */
export function hasRole(caller: Caller, role: Role, project: string): boolean {
  return caller.grants.some(
    (grant) =>
      (grant.project === '*' || grant.project === project) && sufficientRoles[role].includes(grant.role),
  );
}

/** Throws RoleMissing (forbidden) unless the caller has the role for the project. */
export function requireRole(caller: Caller, role: Role, project: string): void {
  if (hasRole(caller, role, project)) return;
  throw new AppError(
    'forbidden',
    'RoleMissing',
    `'${caller.id}' needs the role ${role} for ${project === '*' ? 'all projects' : `project '${project}'`}. Ask an admin for a token with one of: ${sufficientRoles[role].join(', ')}.`,
  );
}
