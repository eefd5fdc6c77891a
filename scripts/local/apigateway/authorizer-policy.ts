/** A policy as Lambda authorizers return it. */
export interface AuthorizerPolicy {
  readonly Statement: readonly {
    readonly Effect: 'Allow' | 'Deny';
    readonly Action: string | readonly string[];
    readonly Resource: string | readonly string[];
  }[];
}

/** What a policy says of invoking a method: an explicit deny wins, silence is no. */
export type PolicyDecision = 'allow' | 'explicit-deny' | 'implicit-deny';

/** Whether a value has the shape of a policy that `decide` understands. */
export function isAuthorizerPolicy(value: unknown): value is AuthorizerPolicy {
  const statements = (value as { Statement?: unknown } | null)?.Statement;
  return (
    Array.isArray(statements) &&
    statements.every(
      ({ Effect, Action, Resource }) =>
        (Effect === 'Allow' || Effect === 'Deny') && isTexts(Action) && isTexts(Resource),
    )
  );
}

/** Decides execute-api:Invoke on a method ARN. */
export function decide(policy: AuthorizerPolicy, methodArn: string): PolicyDecision {
  const effects = policy.Statement.filter(
    ({ Action, Resource }) =>
      listOf(Action).some((action) => matches(action.toLowerCase(), 'execute-api:invoke')) &&
      listOf(Resource).some((resource) => matches(resource, methodArn)),
  ).map(({ Effect }) => Effect);
  if (effects.includes('Deny')) return 'explicit-deny';
  return effects.includes('Allow') ? 'allow' : 'implicit-deny';
}

function isTexts(value: unknown): boolean {
  return listOf(value).every((item) => typeof item === 'string');
}

function listOf<Item>(value: Item | readonly Item[]): readonly Item[] {
  return Array.isArray(value) ? (value as readonly Item[]) : [value as Item];
}

function matches(pattern: string, text: string): boolean {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 's').test(text);
}
