import { request as httpRequest } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { closeAll, httpApi, restApi, serve } from './served-apis.ts';

afterEach(closeAll);

describe('the platform port', () => {
  it('gives a path to the API with the more specific route', async () => {
    const { service, url } = await serve({
      main: (event) => ({ statusCode: 200, body: event.version === '2.0' ? 'http' : 'rest' }),
    });
    await httpApi(service, ['ANY /{proxy+}']);
    await restApi(service);
    expect(await (await fetch(`${url}/rest/1`, { method: 'POST' })).text()).toBe('rest');
    expect(await (await fetch(`${url}/rest/1`)).text()).toBe('http');
    expect(await (await fetch(`${url}/other`, { method: 'POST' })).text()).toBe('http');
  });

  it('refuses requests for another host', async () => {
    const { service } = await serve({ main: () => 'ok' });
    const status = await new Promise<number | undefined>((resolve) => {
      httpRequest({ host: '127.0.0.1', port: service.port, headers: { host: 'evil.test' } }, (response) =>
        resolve(response.resume().statusCode),
      ).end();
    });
    expect(status).toBe(403);
  });

  it('refuses bodies above ten megabytes', async () => {
    const { service, url } = await serve({ main: () => 'ok' });
    await httpApi(service, ['POST /x']);
    const response = await fetch(`${url}/x`, { method: 'POST', body: Buffer.alloc(11 * 1024 * 1024) });
    expect(response.status).toBe(413);
  });

  it('says so too where a body with its envelope is more than Lambda takes', async () => {
    const { service, url } = await serve({ main: () => ({ statusCode: 200, body: 'ok' }) });
    await httpApi(service, ['POST /x']);
    await restApi(service);
    const send = async (path: string, bytes: number) => {
      const response = await fetch(`${url}${path}`, { method: 'POST', body: Buffer.alloc(bytes) });
      return [response.status, await response.text()];
    };
    // In base64 three bytes are four.
    expect(await send('/x', 4_700_000)).toEqual([200, 'ok']);
    expect(await send('/x', 4_720_000)).toEqual([413, '{"message":"Request Entity Too Large"}']);
    expect(await send('/rest/1', 7_000_000)).toEqual([413, '{"message":"Request Too Long"}']);
  });
});
