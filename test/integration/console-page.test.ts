import { afterAll, beforeAll, expect, it } from 'vitest';
import { RunningPlatform } from './running-platform.ts';

const platform = new RunningPlatform();
const get = (path: string) => fetch(new URL(path, platform.runtime.endpoints.platformUrl));

beforeAll(() => platform.start());
afterAll(() => platform.close());

it('the console is served with all that its page names', async () => {
  const page = await get('/');
  expect([page.status, page.headers.get('content-type')]).toEqual([
    200,
    expect.stringContaining('text/html'),
  ]);
  const html = await page.text();
  const named = [...html.matchAll(/(?:src|href)="(?<address>\/[^"]+)"/g)].map(
    ({ groups }) => groups!['address']!,
  );
  expect(named.some((address) => address.endsWith('.js'))).toBe(true);
  for (const address of named) expect([address, (await get(address)).status]).toEqual([address, 200]);
});
