import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { AwsChunkedDecoder } from './aws-chunked.ts';

const framed = '5\r\nhello\r\n6;chunk-signature=abc\r\n world\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n';

async function decode(
  pieces: readonly string[],
): Promise<{ content: string; trailers: Record<string, string> }> {
  const decoder = new AwsChunkedDecoder();
  const content = await text(Readable.from(pieces.map((piece) => Buffer.from(piece))).pipe(decoder));
  return { content, trailers: decoder.trailers };
}

describe('AwsChunkedDecoder', () => {
  it.each([
    ['in one piece', [framed]],
    ['byte by byte', [...framed]],
  ])('gives content and trailers of a body that comes %s', async (_how, pieces) => {
    expect(await decode(pieces)).toEqual({
      content: 'hello world',
      trailers: { 'x-amz-checksum-crc32': 'AAAAAA==' },
    });
  });

  it('takes a body without trailers', async () => {
    expect((await decode(['1\r\nx\r\n0\r\n\r\n'])).content).toBe('x');
  });

  it.each([
    ['is cut off in a chunk', ['5\r\nhel']],
    ['has no last chunk', ['5\r\nhello\r\n']],
    ['has no chunk size', ['hello\r\nhello\r\n']],
  ])('refuses a body that %s', async (_what, pieces) => {
    await expect(decode(pieces)).rejects.toMatchObject({ name: 'IncompleteBody' });
  });
});
