import { describe, expect, it } from 'vitest';
import { failureText } from './failure-text.ts';

describe('the text of a failure', () => {
  it('is what was thrown', () => {
    const cause = JSON.stringify({ errorType: 'ViewTooLarge', errorMessage: 'The rows take too much.' });
    expect(failureText('ViewTooLarge', cause)).toBe('ViewTooLarge: The rows take too much.');
  });

  it('is the cause where nobody threw anything', () => {
    expect(failureText('States.Timeout', '')).toBe('States.Timeout');
    expect(failureText('Lambda.Unknown', 'exited')).toBe('Lambda.Unknown: exited');
    expect(failureText('X', '"a"')).toBe('X: "a"');
    expect(failureText('X', 'a'.repeat(40_000))).toHaveLength(2000);
  });
});
