import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeUbjson, encodeUbjson } from './ubjson.ts';

const header = (text: string, ...bytes: number[]): Buffer =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(bytes)]);

describe('UBJSON', () => {
  it('reads what it wrote', () => {
    const document = {
      name: 'gbtree',
      list: [1, -5, 300, 0.5, 'é'],
      floats: new Float32Array([0, -1.5, 3.25]),
      flags: new Uint8Array([1, 0]),
      whole: new Int32Array([-1, 2147483647]),
      long: new BigInt64Array([5n]),
      nested: { empty: [] },
    };
    const read = decodeUbjson(encodeUbjson(document));
    expect(read).toEqual({
      name: 'gbtree',
      list: [1, -5, 300, 0.5, 'é'],
      floats: Float64Array.of(0, -1.5, 3.25),
      flags: Float64Array.of(1, 0),
      whole: Float64Array.of(-1, 2147483647),
      long: Float64Array.of(5),
      nested: { empty: [] },
    });
  });

  it.each([
    ['a typed array longer than the file', header('{i\x01a[$d#l', 0x7f, 0xff, 0xff, 0xff), /impossible/],
    ['a negative length', header('{l', 0xff, 0xff, 0xff, 0xff), /impossible/],
    ['a text longer than the file', header('{L', 0, 0, 0, 1, 0, 0, 0, 0), /impossible/],
    ['elements without a size', header('{i\x01a[$T#l', 0x7f, 0xff, 0xff, 0xff), /element type/],
    ['an object nested in itself for ever', Buffer.from('{i\x01a'.repeat(100), 'latin1'), /nested deeper/],
    ['an array nested for ever', header(`{i\x01a${'['.repeat(100)}`), /nested deeper/],
    ['an unknown marker', header('{i\x01aQ'), /unknown type marker/],
    ['a file that ends early', header('{i\x01al', 0), /the file ends/],
    ['a file with more behind the document', header('{}}'), /follow the document/],
    ['a typed array without a count', header('{i\x01a[$d', 0x41), /no count/],
    ['a length that is a text', header('{S'), /a length has type/],
  ])('refuses %s', (_what, bytes, message) => {
    expect(() => decodeUbjson(bytes)).toThrow(message);
  });

  it('fails with an error, never otherwise, on bytes that are anything', () => {
    const valid = encodeUbjson({ a: [1, 'x', { b: new Float32Array(3) }], c: new Int32Array(4) });
    fc.assert(
      fc.property(fc.nat(valid.length - 1), fc.nat(255), (at, byte) => {
        const broken = Buffer.from(valid);
        broken[at] = byte;
        try {
          decodeUbjson(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(Error);
          expect((error as Error).message).toMatch(/^UBJSON: /);
        }
      }),
    );
  });

  it('gives a member named __proto__ no power', () => {
    const read = decodeUbjson(header('{i\x09__proto__{i\x01xi\x01}}')) as Record<string, unknown>;
    expect(Object.getPrototypeOf(read)).toBeNull();
    expect(({} as Record<string, unknown>)['x']).toBeUndefined();
  });
});
