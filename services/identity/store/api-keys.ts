import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { ApiKeys } from '../ports.ts';

/** API Gateway's keys on one usage plan, named by their tokens. */
export function createApiKeys({ stage, usagePlanId }: { stage: string; usagePlanId: string }): ApiKeys {
  const client = new APIGatewayClient({});
  const nameOf = (tokenId: string) => `${resourcePrefix(stage)}-token-${tokenId}`;
  return {
    async create({ tokenId, value }) {
      const { id } = await client.send(
        new CreateApiKeyCommand({ name: nameOf(tokenId), value, enabled: true }),
      );
      await client.send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
      return id!;
    },
    async remove(apiKeyId) {
      try {
        await client.send(new DeleteApiKeyCommand({ apiKey: apiKeyId }));
      } catch (error) {
        if (!(error instanceof NotFoundException)) throw error;
      }
    },
    async find(tokenId) {
      const { items = [] } = await client.send(
        new GetApiKeysCommand({ nameQuery: nameOf(tokenId), limit: 1 }),
      );
      return items[0]?.id;
    },
  };
}
