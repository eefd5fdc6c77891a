import { describe, expect, it } from 'vitest';
import { uuidOfName } from './ids.ts';

describe('the UUID of a name', () => {
  it('is that of RFC 9562, appendix A.4', () => {
    expect(uuidOfName('6ba7b810-9dad-11d1-80b4-00c04fd430c8', 'www.example.com')).toBe(
      '2ed6657d-e927-568b-95e1-2665a8aea6a2',
    );
  });

  it('needs a namespace that is a UUID', () => {
    expect(() => uuidOfName('millrace', 'x')).toThrow("'millrace' is no UUID.");
  });
});
