import { type Caller, hasRole, requireRole } from '#shared/contracts/caller.ts';
import type { Role } from '#shared/contracts/endpoint.ts';
import type { AppError } from '#shared/kernel/errors.ts';

/**
 * Lets a caller on who has the role for the project of what they ask for. Throws `notFound` where they may not even see it, so
 * that nobody learns what there is, and RoleMissing (forbidden) where they may see it and not do this.
 */
export function assertMay(caller: Caller, role: Role, project: string, notFound: AppError): void {
  if (!hasRole(caller, 'viewer', project)) throw notFound;
  requireRole(caller, role, project);
}
