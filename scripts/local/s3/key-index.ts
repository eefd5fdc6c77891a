/** Orders keys by their UTF-8 bytes, as S3 lists them. */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    // UTF-16 puts surrogates (code points above U+FFFF) before U+E000, UTF-8 behind.
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(codeUnit: number): number {
  return codeUnit >= 0xd800 && codeUnit <= 0xdfff ? codeUnit + 0x10000 : codeUnit;
}

/** Keys in the order of `compareKeys`. */
export class KeyIndex {
  readonly #keys: string[] = [];

  add(key: string): void {
    const position = this.#lowerBound(key);
    if (this.#keys[position] !== key) this.#keys.splice(position, 0, key);
  }

  remove(key: string): void {
    const position = this.#lowerBound(key);
    if (this.#keys[position] === key) this.#keys.splice(position, 1);
  }

  /** Keys that begin with `prefix`, from `start` (included) on. */
  *from(start: string, prefix: string): Generator<string> {
    const first = compareKeys(start, prefix) > 0 ? start : prefix;
    for (let position = this.#lowerBound(first); position < this.#keys.length; position++) {
      const key = this.#keys[position] as string;
      if (!key.startsWith(prefix)) return;
      yield key;
    }
  }

  #lowerBound(key: string): number {
    let low = 0;
    let high = this.#keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (compareKeys(this.#keys[middle] as string, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
