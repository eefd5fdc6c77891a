import findMyWay, { type HTTPMethod } from 'find-my-way';

/** What a path matched. */
export interface PathMatch<Route> {
  readonly route: Route;
  /** Values of `{name}` and `{name+}`, percent-decoded. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly pattern: string;
}

interface Stored<Route> {
  readonly route: Route;
  readonly names: readonly string[];
  readonly pattern: string;
}

const methods: readonly HTTPMethod[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'];

/** Finds routes by method and path; patterns are those of API Gateway: `/a/{id}/{rest+}`. Exact segments win over variables, variables over greedy ones. */
export class RouteTable<Route> {
  readonly #router;

  constructor(options: { readonly ignoreTrailingSlash: boolean }) {
    this.#router = findMyWay({ ...options, caseSensitive: true, maxParamLength: 8192 });
  }

  /** `ANY` stands for all methods. A pattern added before for a method stays. */
  add(method: string, pattern: string, route: Route): void {
    const names = [...pattern.matchAll(/\{([^}]+?)\+?\}/g)].map((match) => match[1] ?? '');
    const path = toRouterPath(pattern);
    const stored: Stored<Route> = { route, names, pattern };
    for (const each of method === 'ANY' ? methods : methods.filter((known) => known === method)) {
      if (!this.#router.hasRoute(each, path)) this.#router.on(each, path, () => undefined, stored);
    }
  }

  find(method: string, path: string): PathMatch<Route> | undefined {
    const found = this.#router.find(method as HTTPMethod, path);
    if (found === null) return undefined;
    const { route, names, pattern } = found.store as Stored<Route>;
    const values = Object.values(found.params);
    const parameters = Object.fromEntries(names.map((name, index) => [name, values[index] ?? '']));
    return { route, parameters, pattern };
  }
}

/** `/a/{id}/{rest+}` as find-my-way writes it; variables get names of our own, as theirs may not hold all that API Gateway allows. */
function toRouterPath(pattern: string): string {
  return pattern
    .split('/')
    .map((segment, index) => {
      if (!segment.startsWith('{')) return segment.replaceAll(':', '::');
      return segment.endsWith('+}') ? '*' : `:v${index}`;
    })
    .join('/');
}

/**
 * Which of two patterns that match the same path is the more specific: positive when `a` is, negative when `b` is, 0 for equals.
 * Compared segment by segment: exact before variable before greedy.
 */
export function compareSpecificity(a: string, b: string): number {
  const ranksA = a.split('/').map(rank);
  const ranksB = b.split('/').map(rank);
  for (let index = 0; index < Math.max(ranksA.length, ranksB.length); index += 1) {
    const difference = (ranksA[index] ?? -1) - (ranksB[index] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

function rank(segment: string): number {
  if (!segment.startsWith('{')) return 2;
  return segment.endsWith('+}') ? 0 : 1;
}
