import { describe, expect, it } from 'vitest';
import { bytesWanted, pictureBytes, previewBytes, previewOf, readBeginning } from './artifact-kind.ts';

const bytes = (...values: number[]) => new Uint8Array(values);
const text = (value: string) => new TextEncoder().encode(value);
const png = bytes(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0);

describe('what is shown of an artifact', () => {
  it('is a picture by its bytes, whatever its name', () => {
    expect(previewOf('a.txt', png, true)).toEqual({ kind: 'picture', type: 'image/png' });
    expect(previewOf('a', bytes(0xff, 0xd8, 0xff, 0xe0), true)).toEqual({
      kind: 'picture',
      type: 'image/jpeg',
    });
    expect(previewOf('a', text('RIFF1234WEBPVP8 '), true)).toEqual({ kind: 'picture', type: 'image/webp' });
  });

  it('is text where a name claims a picture', () => {
    expect(previewOf('a.png', text('<script>'), true)).toEqual({
      kind: 'text',
      text: '<script>',
      isWhole: true,
    });
  });

  it('is the text of an SVG, which can hold scripts', () => {
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    expect(previewOf('a.svg', text(svg), true)).toEqual({ kind: 'text', text: svg, isWhole: true });
  });

  it('is JSON indented, if all of it is there and it is JSON', () => {
    expect(previewOf('a.json', text('{"a":[1]}'), true)).toMatchObject({
      text: '{\n  "a": [\n    1\n  ]\n}',
    });
    expect(previewOf('a.json', text('{"a":[1'), false)).toMatchObject({ text: '{"a":[1' });
    expect(previewOf('a.json', text('{"a":'), true)).toMatchObject({ text: '{"a":' });
  });

  it('is nothing for other bytes, and for part of a picture', () => {
    expect(previewOf('model.pkl', bytes(0x80, 4, 0), true).kind).toBe('none');
    expect(previewOf('a.bin', bytes(0xc3, 0x28), true).kind).toBe('none');
    expect(previewOf('a.png', png, false).kind).toBe('none');
  });

  it('is the beginning of a text even if a letter was cut in two', () => {
    expect(previewOf('a.txt', text('aü').slice(0, 2), false)).toEqual({
      kind: 'text',
      text: 'a',
      isWhole: false,
    });
  });
});

describe('reading', () => {
  const chunked = (chunks: Uint8Array[], onCancel = () => {}) =>
    new Response(
      new ReadableStream<Uint8Array>({
        pull(controller) {
          const chunk = chunks.shift();
          if (chunk) controller.enqueue(chunk);
          else controller.close();
        },
        cancel: onCancel,
      }),
    );

  it('stops at the limit and asks for no more', async () => {
    let isCancelled = false;
    const response = chunked([text('abc'), text('def'), text('ghi')], () => {
      isCancelled = true;
    });
    const { bytes: read, isWhole } = await readBeginning(response, 4);
    expect(new TextDecoder().decode(read)).toBe('abcd');
    expect({ isWhole, isCancelled }).toEqual({ isWhole: false, isCancelled: true });
  });

  it('knows the whole when it sees it, also when it is just as long', async () => {
    const { bytes: read, isWhole } = await readBeginning(chunked([text('ab'), text('cd')]), 4);
    expect(new TextDecoder().decode(read)).toBe('abcd');
    expect(isWhole).toBe(true);
  });

  it('allows more of a picture, which is whole or nothing', () => {
    expect(bytesWanted('plots/roc.PNG')).toBe(pictureBytes);
    expect(bytesWanted('train.log')).toBe(previewBytes);
  });
});
