import { afterEach, expect, it, vi } from 'vitest';
import { defaultProvider } from './environment-credentials.ts';

afterEach(() => vi.unstubAllEnvs());

it('signs with the keys that Lambda puts into the environment', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ASIAEXAMPLE');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'secret');
  vi.stubEnv('AWS_SESSION_TOKEN', 'token');
  expect(await defaultProvider()()).toEqual({
    accessKeyId: 'ASIAEXAMPLE',
    secretAccessKey: 'secret',
    sessionToken: 'token',
  });
});

it('says what is missing where there are none', async () => {
  vi.stubEnv('AWS_ACCESS_KEY_ID', undefined);
  await expect(defaultProvider()()).rejects.toThrow('holds no AWS_ACCESS_KEY_ID');
});
