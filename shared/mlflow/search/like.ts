/**
 * SQL's LIKE: `%` is any text, `_` one character, all else itself; the whole value must fit. Takes at most pattern × value
 * steps, whatever the pattern: a regular expression of many `%` would take forever on a long value.
 */
export function likeMatcher(pattern: string, caseSensitive: boolean): (value: string) => boolean {
  const fold = caseSensitive ? (text: string) => text : (text: string) => text.toLowerCase();
  const folded = fold(pattern);
  if (!/[%_]/u.test(folded)) return (value) => fold(value) === folded;
  const wanted = [...folded];
  return (value) => fits(wanted, [...fold(value)]);
}

/** Greedy from the left: on a mismatch the last `%` takes one character more. */
function fits(pattern: readonly string[], value: readonly string[]): boolean {
  let at = 0;
  let next = 0;
  let percent = -1;
  let taken = 0;
  while (next < value.length) {
    if (pattern[at] === '%') {
      percent = at++;
      taken = next;
    } else if (pattern[at] === '_' || pattern[at] === value[next]) {
      at++;
      next++;
    } else if (percent >= 0) {
      at = percent + 1;
      next = ++taken;
    } else return false;
  }
  while (pattern[at] === '%') at++;
  return at === pattern.length;
}
