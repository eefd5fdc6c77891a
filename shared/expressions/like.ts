const anyText = '%';
const anyCharacter = '_';
/** A sign of a pattern: a character of the text, or one of the two above with a meaning. */
interface Sign {
  readonly character: string;
  readonly wild: boolean;
}

/**
 * Whether a text is like a pattern: `%` is any text, `_` any character, and what follows `escapeSign` itself. It takes time in proportion to
 * both lengths at most.
 */
export function compileLike(pattern: string, escapeSign: string | undefined): (text: string) => boolean {
  const signs = signsOf([...pattern], escapeSign);
  return (text) => isLike([...text], signs);
}

function signsOf(characters: readonly string[], escapeSign: string | undefined): Sign[] {
  const signs: Sign[] = [];
  for (let at = 0; at < characters.length; at++) {
    const escaped = characters[at] === escapeSign;
    if (escaped) at++;
    const character = characters[at]!;
    signs.push({ character, wild: !escaped && (character === anyText || character === anyCharacter) });
  }
  return signs;
}

function isLike(text: readonly string[], signs: readonly Sign[]): boolean {
  let [at, sign] = [0, 0];
  /** Where the last `%` stands, and where the text after what it covers begins: it covers one more character when the rest does not fit. */
  let [open, covered] = [-1, 0];
  while (at < text.length) {
    const wanted = signs[sign];
    if (wanted?.wild && wanted.character === anyText) {
      open = sign++;
      covered = at;
    } else if (wanted && (wanted.wild || wanted.character === text[at])) {
      at++;
      sign++;
    } else if (open >= 0) {
      sign = open + 1;
      at = ++covered;
    } else return false;
  }
  return signs.slice(sign).every(({ character, wild }) => wild && character === anyText);
}
