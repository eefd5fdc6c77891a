import type { Clock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { Page } from '#shared/kernel/paging.ts';
import { isExpired } from '../domain/grants.ts';
import type { ApiKeyRemover, TokenRecord, TokenStore } from '../ports.ts';

export interface EndTokensDeps {
  readonly store: TokenStore;
  readonly keys: ApiKeyRemover;
  readonly clock: Clock;
}

/** Issuing takes seconds: what is still pending after this was broken off. */
const settleAfterMs = 15 * 60_000;

/** Ends a token: it lets nobody in from the first step on, then its API key goes, then its record. Safe to repeat. Throws TokenNotFound. */
export async function revokeToken(
  deps: EndTokensDeps,
  input: { tokenId: string },
): Promise<{ tokenId: string }> {
  const record = await deps.store.byId(input.tokenId);
  if (!record) {
    throw new AppError(
      'not_found',
      'TokenNotFound',
      `There is no token '${input.tokenId}'. The list of tokens shows which there are.`,
    );
  }
  await end(deps, record);
  return { tokenId: record.tokenId };
}

/** Finishes what broke off (pending and revoked tokens) and ends what expired. Answers how many were ended. */
export async function settleTokens(deps: EndTokensDeps): Promise<{ ended: number }> {
  const now = deps.clock.now();
  const isOld = ({ createdAt }: TokenRecord) => now.getTime() - Date.parse(createdAt) > settleAfterMs;
  const ended = [
    ...(await all((pageToken) => deps.store.unsettled(pageToken))).filter(
      (record) => record.status === 'revoked' || isOld(record),
    ),
    ...(await all((pageToken) => deps.store.active(pageToken))).filter((record) => isExpired(record, now)),
  ];
  for (const record of ended) await end(deps, record);
  return { ended: ended.length };
}

async function end({ store, keys }: EndTokensDeps, record: TokenRecord): Promise<void> {
  if (record.status !== 'revoked') await store.move({ ...record, status: 'revoked' }, record.status);
  const apiKeyId = record.apiKeyId ?? (await keys.find(record.tokenId));
  if (apiKeyId !== undefined) await keys.remove(apiKeyId);
  await store.remove(record);
}

async function all(
  read: (pageToken: string | undefined) => Promise<Page<TokenRecord>>,
): Promise<TokenRecord[]> {
  const records: TokenRecord[] = [];
  let pageToken: string | undefined;
  do {
    const page = await read(pageToken);
    records.push(...page.items);
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return records;
}
