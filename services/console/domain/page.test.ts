import { describe, expect, it } from 'vitest';
import { answerPage, type BuiltPage } from './page.ts';

const page: BuiltPage = {
  html: '<!doctype html><title>Millrace</title>',
  sha256: 'abc',
  assets: { 'main-1F.js': { contentType: 'text/javascript; charset=utf-8', body: 'start()' } },
};
const script = { method: 'GET', path: '/console/main-1F.js', asset: 'main-1F.js' };

describe('the console page', () => {
  it('is answered at / and asked for again each time', () => {
    const answer = answerPage(page, { method: 'GET', path: '/' });
    expect(answer).toMatchObject({ statusCode: 200, body: page.html });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-cache',
      etag: '"abc"',
    });
  });

  it('lets browsers keep its files for a year', () => {
    const answer = answerPage(page, script);
    expect(answer).toMatchObject({ statusCode: 200, body: 'start()' });
    expect(answer.headers['content-type']).toBe('text/javascript; charset=utf-8');
    expect(answer.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  });

  it.each(['"abc"', 'W/"abc"', '"old", "abc"'])('is not sent again to whoever has it: %s', (ifNoneMatch) => {
    const answer = answerPage(page, { method: 'GET', path: '/', ifNoneMatch });
    expect(answer).toMatchObject({ statusCode: 304, body: '' });
  });

  it.each([
    ['a file that is not there', { ...script, path: '/console/other.js', asset: 'other.js' }],
    ['a name of JavaScript’s own', { ...script, path: '/console/constructor', asset: 'constructor' }],
    ['another path', { method: 'GET', path: '/index.html' }],
    ['another method', { method: 'POST', path: '/' }],
  ])('answers 404 for %s', (_what, request) => {
    expect(answerPage(page, request)).toMatchObject({ statusCode: 404 });
    expect(answerPage(page, request).body).toContain(request.path);
  });

  it.each([{ method: 'GET', path: '/' }, script, { ...script, asset: 'absent' }])(
    'lets nothing from elsewhere in: $path $asset',
    (request) => {
      const { headers } = answerPage(page, request);
      expect(headers['content-security-policy']).toMatch(/^default-src 'self';/);
      expect(headers).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      });
    },
  );
});
