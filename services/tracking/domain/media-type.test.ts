import { describe, expect, it } from 'vitest';
import { mediaTypeOf } from './media-type.ts';

describe('the media type of a file', () => {
  it.each([
    ['model/MLmodel', 'text/plain; charset=utf-8'],
    ['model/conda.yaml', 'text/plain; charset=utf-8'],
    ['a.b/plot.PNG', 'image/png'],
    ['page.html', 'text/html'],
    ['a.html/model.pkl', 'application/octet-stream'],
    ['model', 'application/octet-stream'],
    ['constructor', 'application/octet-stream'],
    ['.', 'application/octet-stream'],
  ])('of %s is %s', (path, type) => expect(mediaTypeOf(path)).toBe(type));
});
