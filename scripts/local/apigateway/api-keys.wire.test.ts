import {
  CreateApiKeyCommand,
  CreateUsagePlanKeyCommand,
  DeleteApiKeyCommand,
  GetApiKeyCommand,
  GetApiKeysCommand,
  GetUsagePlansCommand,
} from '@aws-sdk/client-api-gateway';
import { afterEach, describe, expect, it } from 'vitest';
import { allow, closeAll, declare, restApi, serve } from './served-apis.ts';

afterEach(closeAll);

describe('API keys', () => {
  async function keyed(usage: Record<string, unknown> = {}) {
    const gateway = await serve({
      authorize: ({ headers }) => ({
        principalId: 'p',
        policyDocument: allow,
        usageIdentifierKey: headers.Authorization,
      }),
      main: ({ requestContext }) => ({ statusCode: 200, body: requestContext.identity.apiKeyId }),
    });
    const apiId = await restApi(gateway.service, {
      api: { ApiKeySourceType: 'AUTHORIZER' },
      authorizer: {},
      method: { ApiKeyRequired: true },
    });
    const { ref: usagePlanId } = await declare(gateway.service, 'Plan', 'AWS::ApiGateway::UsagePlan', {
      UsagePlanName: 'standard',
      ApiStages: [{ ApiId: apiId, Stage: 'local' }],
      ...usage,
    });
    const key = await gateway.client.send(new CreateApiKeyCommand({ name: 'team', enabled: true }));
    await gateway.client.send(
      new CreateUsagePlanKeyCommand({ usagePlanId, keyId: key.id, keyType: 'API_KEY' }),
    );
    const ask = (value: string | undefined) =>
      fetch(`${gateway.url}/rest/1`, { method: 'POST', headers: [['Authorization', value ?? '']] });
    return { ...gateway, key, ask, usagePlanId };
  }

  it('made by the API let callers in, until they are deleted', async () => {
    const { client, key, ask } = await keyed();
    expect(await (await ask(key.value)).text()).toBe(key.id);
    const unknown = await ask('no-such-key-value-at-all');
    expect({ status: unknown.status, body: await unknown.json() }).toEqual({
      status: 403,
      body: { message: 'Forbidden' },
    });
    await client.send(new DeleteApiKeyCommand({ apiKey: key.id }));
    expect((await ask(key.value)).status).toBe(403);
    await expect(client.send(new GetApiKeyCommand({ apiKey: key.id }))).rejects.toMatchObject({
      name: 'NotFoundException',
    });
  });

  it('are listed with their plans', async () => {
    const { client, key, usagePlanId } = await keyed({ Throttle: { RateLimit: 10, BurstLimit: 20 } });
    const list = await client.send(new GetApiKeysCommand({ nameQuery: 'team', includeValues: true }));
    expect(list.items).toMatchObject([{ id: key.id, value: key.value, enabled: true }]);
    const plans = await client.send(new GetUsagePlansCommand({}));
    expect(plans.items).toMatchObject([{ id: usagePlanId, throttle: { rateLimit: 10, burstLimit: 20 } }]);
  });

  it('are throttled and counted by their plan', async () => {
    const throttled = await keyed({ Throttle: { RateLimit: 0.001, BurstLimit: 1 } });
    expect((await throttled.ask(throttled.key.value)).status).toBe(200);
    const second = await throttled.ask(throttled.key.value);
    expect({ status: second.status, body: await second.json() }).toEqual({
      status: 429,
      body: { message: 'Too Many Requests' },
    });
    const counted = await keyed({ Quota: { Limit: 1, Period: 'DAY' } });
    expect((await counted.ask(counted.key.value)).status).toBe(200);
    const over = await counted.ask(counted.key.value);
    expect({ status: over.status, body: await over.json() }).toEqual({
      status: 429,
      body: { message: 'Limit Exceeded' },
    });
  });
});
