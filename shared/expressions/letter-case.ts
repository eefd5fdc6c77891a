/**
 * Lower and upper case as DuckDB has them: one character for one character (ß becomes ẞ, not SS), whatever stands beside it. It knows
 * letters as of Unicode 15; later ones stay as they are, whatever the JavaScript engine knows.
 */
export const lowerText = (text: string): string => mapped(text, lowerCase);
export const upperText = (text: string): string => mapped(text, upperCase);

function mapped(text: string, toCase: (character: string) => string): string {
  let result = '';
  for (const character of text) result += toCase(character);
  return result;
}

function lowerCase(character: string): string {
  if (character === 'İ') return 'i';
  return single(character, character.toLowerCase());
}

/** Greek vowels with a iota below, whose upper case in full is two letters. */
const iotaBelow = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7\u1fb3\u1fc3\u1ff3]$/;
const iotaBelowAlone = /^[\u1fb3\u1fc3\u1ff3]$/;

function upperCase(character: string): string {
  if (character === 'ß') return 'ẞ';
  if (iotaBelow.test(character))
    return String.fromCharCode(character.charCodeAt(0) + (iotaBelowAlone.test(character) ? 9 : 8));
  return single(character, character.toUpperCase());
}

/** Letters whose partner came after Unicode 15: Latin and Cyrillic ones, Garay, and Beria Erfe. */
const later =
  /^[\u019b\u0264\u1c89\u1c8a\ua7cb-\ua7cf\ua7d2-\ua7d5\ua7da-\ua7dc\u{10d50}-\u{10d65}\u{10d70}-\u{10d85}\u{16ea0}-\u{16eb8}\u{16ebb}-\u{16ed3}]$/u;

function single(character: string, changed: string): string {
  if (changed === character || later.test(character)) return character;
  return changed.length === String.fromCodePoint(changed.codePointAt(0)!).length ? changed : character;
}
