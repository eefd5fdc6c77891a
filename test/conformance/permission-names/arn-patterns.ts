/** Parts of resource names in which `/` and `:` may stand; all others end there, so that a bucket's ARN is none of an object. */
const freeParts: ReadonlySet<string> = new Set([
  'ObjectName',
  'LogGroupName',
  'RoleNameWithPath',
  'RepositoryName',
  'StreamLabel',
]);

/** One character, or any text: `narrow` without `/` and `:`. */
type Token = { readonly text: string } | { readonly any: 'wide' | 'narrow' };

/**
 * Whether an ARN of a policy, with `*` and `?` for text that is known only later, can name a resource of a type, whose ARN is written with
 * `${Part}` as in the service authorization reference.
 */
export function canName(policyArn: string, typeArn: string): boolean {
  const ours: Token[] = [...policyArn].map((character) =>
    character === '*' || character === '?' ? { any: 'wide' } : { text: character },
  );
  const theirs: Token[] = typeArn.split(/(\$\{\w+\}|\*)/).flatMap((piece): Token[] => {
    const part = /^\$\{(\w+)\}$/.exec(piece)?.[1];
    if (part !== undefined) return [{ any: freeParts.has(part) ? 'wide' : 'narrow' }];
    return piece === '*' ? [{ any: 'wide' }] : [...piece].map((character) => ({ text: character }));
  });
  return overlap(ours, theirs);
}

/** Whether some text fits both patterns. */
function overlap(a: readonly Token[], b: readonly Token[]): boolean {
  const seen = new Set<number>();
  const open: [number, number][] = [[0, 0]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const [i, j] = pair;
    const key = i * (b.length + 1) + j;
    if (seen.has(key)) continue;
    seen.add(key);
    const [x, y] = [a[i], b[j]];
    if (x === undefined && y === undefined) return true;
    if (x !== undefined && 'any' in x) {
      open.push([i + 1, j]);
      if (y !== undefined && 'text' in y && takes(x.any, y.text)) open.push([i, j + 1]);
    }
    if (y !== undefined && 'any' in y) {
      open.push([i, j + 1]);
      if (x !== undefined && 'text' in x && takes(y.any, x.text)) open.push([i + 1, j]);
    }
    if (x !== undefined && y !== undefined && 'text' in x && 'text' in y && x.text === y.text) {
      open.push([i + 1, j + 1]);
    }
  }
  return false;
}

const takes = (any: 'wide' | 'narrow', character: string): boolean =>
  any === 'wide' || (character !== '/' && character !== ':');
