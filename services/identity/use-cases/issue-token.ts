import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { IdGenerator } from '#shared/kernel/ids.ts';
import { invalidGrant, isExpired } from '../domain/grants.ts';
import { formatToken, secretBytes, tokenSha256 } from '../domain/token.ts';
import type { ApiKeyMaker, TokenInfo, TokenRecord, TokenStore } from '../ports.ts';

export interface IssueTokenDeps {
  readonly store: TokenStore;
  readonly keys: ApiKeyMaker;
  readonly clock: Clock;
  readonly ids: IdGenerator;
  readonly randomBytes: (count: number) => Uint8Array;
}

export interface NewToken {
  readonly name: string;
  readonly grants: TokenInfo['grants'];
  readonly expiresAfterDays?: number | undefined;
  readonly createdBy: string;
}

const dayMs = 86_400_000;

/**
 * Issues a token: written down as pending, then its API key is made, then it is active. Where that breaks off, the token lets
 * nobody in and nobody has it; `settleTokens` clears what is left. Throws InvalidGrant.
 */
export async function issueToken(
  deps: IssueTokenDeps,
  input: NewToken,
): Promise<TokenInfo & { token: string }> {
  const { name, grants, expiresAfterDays, createdBy } = input;
  const wrong = invalidGrant(grants);
  if (wrong) throw new AppError('invalid_input', 'InvalidGrant', wrong);
  const now = deps.clock.now();
  const tokenId = deps.ids.next();
  const token = formatToken(tokenId, deps.randomBytes(secretBytes));
  const info: TokenInfo = {
    tokenId,
    name,
    grants,
    createdAt: now.toISOString(),
    createdBy,
    ...(expiresAfterDays === undefined
      ? {}
      : { expiresAt: new Date(now.getTime() + expiresAfterDays * dayMs).toISOString() }),
  };
  const record: TokenRecord = { ...info, tokenSha256: tokenSha256(token), status: 'pending' };
  await deps.store.add(record);
  const apiKeyId = await deps.keys.create({ tokenId, value: record.tokenSha256 });
  await deps.store.move({ ...record, status: 'active', apiKeyId }, 'pending');
  return { ...info, token };
}

/** Issues the admin token that a new stage begins with. Throws AdminTokenExists where one works already. */
export async function issueFirstToken(
  deps: IssueTokenDeps,
  input: { name: string },
): Promise<TokenInfo & { token: string }> {
  let pageToken: string | undefined;
  do {
    const page = await deps.store.active(pageToken);
    const admin = page.items.find(
      (record) =>
        !isExpired(record, deps.clock.now()) &&
        record.grants.some(({ project, role }) => project === '*' && role === 'admin'),
    );
    if (admin) {
      throw new AppError(
        'precondition_failed',
        'AdminTokenExists',
        `The token '${admin.name}' (${admin.tokenId}) of ${admin.createdAt} is an admin already. Ask its holder for a token, or delete its item from the identity table and try again.`,
      );
    }
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return issueToken(deps, {
    name: input.name,
    grants: [{ project: '*', role: 'admin' }],
    createdBy: 'aws',
  });
}
