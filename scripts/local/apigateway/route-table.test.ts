import { describe, expect, it } from 'vitest';
import { compareSpecificity, RouteTable } from './route-table.ts';

function table(...patterns: readonly string[]) {
  const routes = new RouteTable<string>({ ignoreTrailingSlash: false });
  for (const pattern of patterns) routes.add('GET', pattern, pattern);
  return routes;
}

describe('a route table', () => {
  it.each([
    ['/', '/', {}],
    ['/a/b', '/a/b', {}],
    ['/a/x', '/a/{id}', { id: 'x' }],
    ['/a/x%2Fy%20z', '/a/{id}', { id: 'x/y z' }],
    ['/a/x/y/z', '/a/{id}/{rest+}', { id: 'x', rest: 'y/z' }],
    ['/v1/models:predict', '/v1/models:predict', {}],
    ['/unknown/deep/path', '/{proxy+}', { proxy: 'unknown/deep/path' }],
  ])('finds for %s the most specific route %s', (path, pattern, parameters) => {
    const routes = table('/', '/a/b', '/a/{id}', '/a/{id}/{rest+}', '/v1/models:predict', '/{proxy+}');
    expect(routes.find('GET', path)).toMatchObject({ route: pattern, parameters, pattern });
  });

  it('finds nothing where no route is', () => {
    expect(table('/a').find('GET', '/b')).toBeUndefined();
    expect(table('/a').find('POST', '/a')).toBeUndefined();
    expect(table('/a').find('GET', '/a/')).toBeUndefined();
  });
});

describe('compareSpecificity', () => {
  it.each([
    ['/a/b', '/a/{id}'],
    ['/a/{id}', '/a/{rest+}'],
    ['/a/{rest+}', '/{proxy+}'],
    ['/', ''],
    ['/{proxy+}', ''],
  ])('takes %s before %s', (more, less) => {
    expect(compareSpecificity(more, less)).toBeGreaterThan(0);
    expect(compareSpecificity(less, more)).toBeLessThan(0);
  });
});
