/** Feature names stand near the beginning of a model file: so many bytes hold those of 2,000 columns. */
export const headBytes = 2_000_000;

const ubjsonMarker = Buffer.from('feature_names[#L');
const lengthBytes = 8;

/**
 * The names that XGBoost was given of the features, in their order, from the beginning of a model file in UBJSON or JSON; undefined
 * where it has none, or they are not to be found.
 */
export function featureNamesIn(head: Buffer): readonly string[] | undefined {
  const names = head[0] === 0x7b && head[1] === 0x4c ? ubjsonNames(head) : jsonNames(head.toString('utf8'));
  return names && names.length > 0 ? names : undefined;
}

/** XGBoost writes lists as `[#L<count>` and texts as `SL<length><bytes>`, numbers in big-endian. */
function ubjsonNames(head: Buffer): string[] | undefined {
  const found = head.indexOf(ubjsonMarker);
  if (found < 0) return undefined;
  let at = found + ubjsonMarker.length;
  const number = () => Number(head.readBigInt64BE(at));
  if (at + lengthBytes > head.length) return undefined;
  const count = number();
  at += lengthBytes;
  const names: string[] = [];
  while (names.length < count) {
    at += 'SL'.length;
    if (at + lengthBytes > head.length) return undefined;
    const length = number();
    at += lengthBytes;
    if (length < 0 || at + length > head.length) return undefined;
    names.push(head.toString('utf8', at, at + length));
    at += length;
  }
  return names;
}

function jsonNames(text: string): string[] | undefined {
  const list = /"feature_names"\s*:\s*(\[(?:\s*"(?:[^"\\]|\\.)*"\s*,?)*\s*\])/.exec(text)?.[1];
  return list === undefined ? undefined : (JSON.parse(list) as string[]);
}
