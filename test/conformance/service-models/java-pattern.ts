/** POSIX classes of Java's patterns, as members of a character class. */
const posixClasses: Readonly<Record<string, string>> = {
  Alnum: 'a-zA-Z0-9',
  Alpha: 'a-zA-Z',
  Digit: '0-9',
  Graph: '\\x21-\\x7E',
  Lower: 'a-z',
  Print: '\\x20-\\x7E',
  Punct: '\\x21-\\x2F\\x3A-\\x40\\x5B-\\x60\\x7B-\\x7E',
  Space: '\\s',
  Upper: 'A-Z',
};
/** SageMaker's `(…)${1,256}` repeats an anchor, which Java allows and which says nothing. */
const repeatedEnd = /\$\{1,\d+\}$/;
/** Java's anchors of the whole text. */
const anchors: Readonly<Record<string, string>> = { A: '^', z: '$', Z: '$' };

/**
 * A pattern of a service model as a JavaScript expression; undefined where it cannot be translated.
 *
 * The patterns are Java's, and a value satisfies one when it matches as a whole, with or without anchors. The services say so themselves:
 * SageMaker refuses the name `my_job`, of which `[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}` matches the first two letters.
 */
export function wholeMatch(pattern: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${toJavaScript(pattern.replace(repeatedEnd, '$'))})$`, 'u');
  } catch {
    return undefined;
  }
}

/** Rewrites what JavaScript's Unicode mode does not know or forbids: POSIX classes, needless escapes, a bare `-` behind a class. */
function toJavaScript(pattern: string): string {
  let inClass = false;
  let afterClassEscape = false;
  return pattern.replaceAll(/\\p\{(\w+)\}|\\(.)|[[\]-]/gs, (token, posix?: string, escaped?: string) => {
    const behindClassEscape = afterClassEscape;
    afterClassEscape = inClass && (posix !== undefined || /^[wdsWDS]$/.test(escaped ?? ''));
    if (posix !== undefined) {
      const members = posixClasses[posix];
      return members === undefined ? token : inClass ? members : `[${members}]`;
    }
    if (escaped !== undefined)
      return (!inClass && anchors[escaped]) || withoutNeedlessEscape(escaped, inClass);
    if (token === '-') return inClass && behindClassEscape ? '\\-' : token;
    inClass = token === '[' ? true : token === ']' ? false : inClass;
    return token;
  });
}

/** `\_` is `_` in Java and an error in JavaScript's Unicode mode. */
function withoutNeedlessEscape(escaped: string, inClass: boolean): string {
  const mayBeEscaped = /[\w^$\\.*+?()[\]{}|/]/.test(escaped) && escaped !== '_';
  return mayBeEscaped || (inClass && escaped === '-') ? `\\${escaped}` : escaped;
}
