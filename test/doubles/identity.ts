import type { ApiKeyMaker, ApiKeyRemover, TokenRecord, TokenStore } from '#services/identity/ports.ts';
import { AppError } from '#shared/kernel/errors.ts';

/** Tokens and API keys in memory; `keys.failNext` makes the next call of API Gateway fail. */
export function inMemoryIdentity() {
  const records = new Map<string, TokenRecord>();
  const made = new Map<string, { tokenId: string; value: string }>();
  let failing = false;
  const attempt = () => {
    if (!failing) return;
    failing = false;
    throw new Error('API Gateway cannot be reached.');
  };
  const store: TokenStore = {
    byHash: async (hash) => records.get(hash),
    byId: async (tokenId) => [...records.values()].find((record) => record.tokenId === tokenId),
    add: async (record) => void records.set(record.tokenSha256, record),
    move: async (record, from) => {
      if (records.get(record.tokenSha256)?.status !== from)
        throw new AppError('conflict', 'TokenChanged', record.tokenId);
      records.set(record.tokenSha256, record);
    },
    remove: async ({ tokenSha256 }) => void records.delete(tokenSha256),
    active: async () => ({ items: [...records.values()].filter(({ status }) => status === 'active') }),
    unsettled: async () => ({ items: [...records.values()].filter(({ status }) => status !== 'active') }),
  };
  const keys: ApiKeyMaker & ApiKeyRemover = {
    create: async (key) => {
      attempt();
      made.set(`key-${key.tokenId}`, key);
      return `key-${key.tokenId}`;
    },
    remove: async (apiKeyId) => {
      attempt();
      made.delete(apiKeyId);
    },
    find: async (tokenId) => [...made].find(([, key]) => key.tokenId === tokenId)?.[0],
  };
  return {
    store,
    keys,
    apiKeyValues: () => [...made.values()].map(({ value }) => value),
    records: () => [...records.values()],
    failNextApiKeyCall: () => {
      failing = true;
    },
  };
}
