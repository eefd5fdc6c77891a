import { describe, expect, it } from 'vitest';
import { nameOf, type VersionFile } from './checkout-files.ts';

const sha256 = 'abcdef0123456789'.repeat(4);
const named = (path: string, taken: Record<string, string> = {}) =>
  nameOf({ path, sha256 } as VersionFile, taken);

describe('the name of a file in a checkout', () => {
  it.each([
    ['rows.csv', 'rows.csv'],
    ['01M8GKEJ36P4EJDKNS0VW78EC2-rows.csv', 'rows.csv'],
    ['dt=2026-11-01/part.parquet', 'dt=2026-11-01/part.parquet'],
    ['../../etc/passwd', 'etc/passwd'],
    ['/etc/passwd', 'etc/passwd'],
    ['a\\..\\b\n.csv', 'a_.._b_.csv'],
    ['..', sha256],
    ['.millrace-checkout.json', '.millrace-checkout-abcdef01.json'],
  ])('of %j is %j', (path, name) => {
    expect(named(path)).toBe(name);
  });

  it('that another one has gets the beginning of its content’s hash, as long as is needed', () => {
    expect(named('dt=1/a.csv', { 'dt=1/a.csv': '' })).toBe('dt=1/a-abcdef01.csv');
    expect(named('a.csv', { 'a.csv': '', 'a-abcdef01.csv': '' })).toBe('a-abcdef012.csv');
  });
});
