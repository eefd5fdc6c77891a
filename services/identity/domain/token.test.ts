import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bearerToken, formatToken } from './token.ts';

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('tokens', () => {
  it('are read back from the header they are sent in', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const token = formatToken('01ARZ3NDEKTSV4RRFFQ69G5FAV', bytes);
        expect(bearerToken(`Bearer ${token}`)).toEqual({ kind: 'api', token });
        expect(bearerToken(` bearer  ${token} `)).toEqual({ kind: 'api', token });
      }),
    );
  });

  it('are told from signed tokens of an issuer', () => {
    expect(bearerToken('Bearer eyJh.eyJz.c2ln')).toEqual({ kind: 'signed', token: 'eyJh.eyJz.c2ln' });
    expect(bearerToken('Bearer eyJh.eyJz')).toBeUndefined();
    expect(bearerToken(`Bearer ${'a'.repeat(8192)}.b.c`)).toBeUndefined();
  });

  it('differ where their secrets do', () => {
    fc.assert(
      fc.property(secret, secret, (a, b) => {
        fc.pre(Buffer.compare(a, b) !== 0);
        expect(formatToken('id', a)).not.toBe(formatToken('id', b));
      }),
    );
  });
});
