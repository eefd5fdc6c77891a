const maxParts = 12;
const maxLetterCode = 5;

interface Part {
  /** A regular expression of one character. */
  readonly one: string;
  min: number;
  max: number;
}

/**
 * The regular expression of codes like `AB-1234` and `s0001`: what all examples have in common as a sequence of capitals, small
 * letters, digits and separators, with their lengths. Undefined where they have no such sequence in common, and for words: a
 * pattern of letters alone is given for capitals of one length (country codes) only. `examples` may have letters and digits
 * replaced by others of their kind.
 */
export function textPattern(examples: readonly string[]): string | undefined {
  const [first, ...others] = examples.map(partsOf);
  if (!first || first.length === 0 || first.length > maxParts) return undefined;
  const common = first.map((part) => ({ ...part }));
  for (const parts of others) {
    if (parts.length !== common.length) return undefined;
    for (const [place, part] of parts.entries()) {
      const wanted = common[place]!;
      if (part.one !== wanted.one) return undefined;
      wanted.min = Math.min(wanted.min, part.min);
      wanted.max = Math.max(wanted.max, part.max);
    }
  }
  return isCode(common) ? common.map(partText).join('') : undefined;
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  for (const character of text) {
    const one = classOf(character);
    const last = parts.at(-1);
    if (last?.one === one) {
      last.min++;
      last.max++;
    } else parts.push({ one, min: 1, max: 1 });
    if (parts.length > maxParts) break;
  }
  return parts;
}

function classOf(character: string): string {
  if (character >= '0' && character <= '9') return '[0-9]';
  if (character >= 'A' && character <= 'Z') return '[A-Z]';
  if (character >= 'a' && character <= 'z') return '[a-z]';
  return character === '.' ? '[.]' : character;
}

const separators = new Set(['-', '_', '[.]', '/', ':', '#']);

function isCode(parts: readonly Part[]): boolean {
  const isLetter = ({ one }: Part) => one === '[A-Z]' || one === '[a-z]';
  if (!parts.every((part) => isLetter(part) || part.one === '[0-9]' || separators.has(part.one)))
    return false;
  if (parts.some(({ one }) => one === '[0-9]')) return true;
  const [only] = parts;
  return parts.length === 1 && only!.one === '[A-Z]' && only!.min === only!.max && only!.max <= maxLetterCode;
}

function partText({ one, min, max }: Part): string {
  if (min !== max) return `${one}+`;
  return min === 1 ? one : `${one}{${min}}`;
}
