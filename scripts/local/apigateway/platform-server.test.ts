import { describe, expect, it } from 'vitest';
import { isLoopbackHost } from './platform-server.ts';

describe('isLoopbackHost', () => {
  it.each(['localhost', 'localhost:4700', '127.0.0.1:4700', '[::1]:4700', 'api.localhost'])(
    'accepts %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(true);
    },
  );

  it.each(['evil.test', '127.0.0.1.evil.test', 'localhost.evil.test', '10.0.0.1:4700', undefined])(
    'refuses %s',
    (host) => {
      expect(isLoopbackHost(host)).toBe(false);
    },
  );
});
