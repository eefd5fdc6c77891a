import { Command } from 'commander';
import { issueToken, listTokens, revokeToken } from '#services/identity/contract.ts';
import { type Role, roles } from '#shared/contracts/endpoint.ts';
import type { ConnectionOptions } from '../connection.ts';
import { CliFailure, exitCodes } from '../failure.ts';
import { table } from '../output.ts';
import { contextOf } from './context.ts';

type Options = ConnectionOptions & { json?: boolean };

/** `scientist:tumour` or `viewer` (all projects). */
function parseGrant(text: string): { project: string; role: Role } {
  const [role, project = '*'] = text.split(':');
  if (!roles.includes(role as Role))
    throw new CliFailure(
      exitCodes.usage,
      `'${role}' is not a role. Roles are ${roles.join(', ')}; write role or role:project.`,
    );
  return { role: role as Role, project };
}

/** `millrace tokens issue | list | revoke`. */
export function tokens(shared: (command: Command) => Command): Command {
  const group = new Command('tokens').description('API tokens (role admin)');
  shared(group.command('issue <name>').description('issue a token; it is shown once'))
    .requiredOption('--grant <grants...>', 'role or role:project, e.g. client:tumour; several with spaces')
    .option('--days <n>', 'expires after so many days')
    .action(async (name: string, options: Options & { grant: string[]; days?: string }) => {
      const { client, output } = contextOf(options);
      const body = {
        name,
        grants: options.grant.map(parseGrant),
        ...(options.days ? { expiresAfterDays: Number(options.days) } : {}),
      };
      const issued = await client.call(issueToken, { params: {}, body });
      output.result(issued, () => `${issued.token}\nKeep it now: only its hash is stored.`);
    });
  shared(group.command('list').description('all tokens')).action(async (options: Options) => {
    const { client, output } = contextOf(options);
    const { items } = await client.call(listTokens, { params: {} });
    output.result(items, () =>
      table(
        ['token', 'name', 'grants', 'created', 'expires'],
        items.map((item) => [
          item.tokenId,
          item.name,
          item.grants.map((grant) => `${grant.role}:${grant.project}`).join(' '),
          item.createdAt,
          item.expiresAt ?? 'never',
        ]),
      ),
    );
  });
  shared(group.command('revoke <token-id>').description('end a token')).action(
    async (tokenId: string, options: Options) => {
      const { client, output } = contextOf(options);
      const revoked = await client.call(revokeToken, { params: { tokenId } });
      output.result(revoked, () => `Token ${revoked.tokenId} is revoked.`);
    },
  );
  return group;
}
