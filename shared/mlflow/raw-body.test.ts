import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rawBodyOf } from './raw-body.ts';

/** An event as API Gateway makes it of these bytes. */
const eventOf = (bytes: Buffer, contentType: string) => {
  const isText = contentType.startsWith('text/');
  return {
    body: bytes.toString(isText ? 'utf8' : 'base64'),
    isBase64Encoded: !isText,
    headers: { 'content-type': contentType, 'content-length': String(bytes.byteLength) },
  };
};
const latin1 = Buffer.from('größer', 'latin1');

describe('the bytes of a request', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('größer 日本 😀 \u0000')],
    ['text with a replacement character of its own', Buffer.from('a\u{fffd}b')],
  ])('are those that were sent: %s', (_what, bytes) => {
    for (const type of ['text/plain', 'application/octet-stream'])
      expect(rawBodyOf(eventOf(bytes, type))).toEqual(bytes);
  });

  it('that are no UTF-8 are refused where they came as text, and taken otherwise', () => {
    expect(() => rawBodyOf(eventOf(latin1, 'text/csv'))).toThrow(
      /came as 'text\/csv' and is no text in UTF-8/,
    );
    expect(rawBodyOf(eventOf(latin1, 'application/octet-stream'))).toEqual(latin1);
  });

  it('of unknown length are refused where something may have been replaced', () => {
    const { headers: _none, ...event } = eventOf(latin1, 'text/csv');
    expect(() => rawBodyOf({ ...event, headers: {} })).toThrow(/came as 'text'/);
  });

  it('are never others than were sent, but for a character cut to three of its four bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (sent) => {
        const bytes = Buffer.from(sent);
        const hasCutCharacter = /[\xf0-\xf4][\x80-\xbf]{2}(?![\x80-\xbf])/.test(bytes.toString('latin1'));
        fc.pre(!hasCutCharacter);
        let taken: Buffer;
        try {
          taken = rawBodyOf(eventOf(bytes, 'text/plain'));
        } catch {
          return;
        }
        expect(taken.equals(bytes)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});
