import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatToken, sentToken } from './token.ts';

const secret = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('tokens', () => {
  it('are read back from the header they are sent in', () => {
    fc.assert(
      fc.property(secret, (bytes) => {
        const token = formatToken('01ARZ3NDEKTSV4RRFFQ69G5FAV', bytes);
        const sent = { kind: 'api', token, scheme: 'bearer' };
        expect(sentToken(`Bearer ${token}`)).toEqual(sent);
        expect(sentToken(` bearer  ${token} `)).toEqual(sent);
      }),
    );
  });

  it('are told from signed tokens of an issuer', () => {
    const signed = { kind: 'signed', token: 'eyJh.eyJz.c2ln', scheme: 'bearer' };
    expect(sentToken('Bearer eyJh.eyJz.c2ln')).toEqual(signed);
    expect(sentToken('Bearer eyJh.eyJz')).toBeUndefined();
    expect(sentToken(`Bearer ${'a'.repeat(8192)}.b.c`)).toBeUndefined();
  });

  it('are read back as the password of any user name', () => {
    fc.assert(
      fc.property(secret, fc.string({ unit: 'grapheme' }), (bytes, text) => {
        const userName = text.replaceAll(':', '');
        const token = formatToken('01ARZ3NDEKTSV4RRFFQ69G5FAV', bytes);
        const credentials = Buffer.from(`${userName}:${token}`).toString('base64');
        expect(sentToken(`Basic ${credentials}`)).toEqual({ kind: 'api', token, scheme: 'basic' });
      }),
    );
  });

  it.each([
    ['without a colon', 'mlr_1'],
    ['with another password', 'ann:secret'],
    ['with the token as user name', `${formatToken('id', new Uint8Array(32))}:`],
    ['with more than a token', `ann:${formatToken('id', new Uint8Array(32))}:`],
  ])('are not what basic credentials hold %s', (_what, text) => {
    expect(sentToken(`Basic ${Buffer.from(text).toString('base64')}`)).toBeUndefined();
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
