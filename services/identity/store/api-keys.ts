import {
  APIGatewayClient,
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeysCommand,
  NotFoundException,
} from '@aws-sdk/client-api-gateway';
import { resourcePrefix } from '#shared/kernel/names.ts';
import type { ApiKeyMaker, ApiKeyRemover } from '../ports.ts';

let shared: APIGatewayClient | undefined;
function client(): APIGatewayClient {
  shared ??= new APIGatewayClient({});
  return shared;
}

/** A key is named by its token, so that it can be found when its id was never written down. */
const nameOf = (stage: string, tokenId: string): string => `${resourcePrefix(stage)}-token-${tokenId}`;

export function createApiKeyMaker({
  stage,
  usagePlanId,
}: {
  stage: string;
  usagePlanId: string;
}): ApiKeyMaker {
  return {
    async create({ tokenId, value }) {
      const { id } = await client().send(
        new CreateApiKeyCommand({ name: nameOf(stage, tokenId), value, enabled: true }),
      );
      await client().send(new CreateUsagePlanKeyCommand({ usagePlanId, keyId: id, keyType: 'API_KEY' }));
      return id!;
    },
  };
}

export function createApiKeyRemover(stage: string): ApiKeyRemover {
  return {
    async remove(apiKeyId) {
      try {
        await client().send(new DeleteApiKeyCommand({ apiKey: apiKeyId }));
      } catch (error) {
        if (!(error instanceof NotFoundException)) throw error;
      }
    },
    async find(tokenId) {
      const { items = [] } = await client().send(
        new GetApiKeysCommand({ nameQuery: nameOf(stage, tokenId), limit: 1 }),
      );
      return items[0]?.id;
    },
  };
}
