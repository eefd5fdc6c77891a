import * as z from 'zod';
import { type Role, roles } from './endpoint.ts';

/** A role for one project (`scientist:wine`) or for all (`viewer`), as settings of a stage write it. */
export const grantText = z
  .string()
  .regex(
    new RegExp(`^(${roles.join('|')})(:[a-z][a-z0-9-]{1,31})?$`),
    `must be <role> or <role>:<project>; roles are ${roles.join(', ')}`,
  );

/** The grant that a text stands for. */
export function grantOf(text: string): { project: string; role: Role } {
  const [role, project = '*'] = text.split(':') as [Role, string?];
  return { project, role };
}
