/** Any client of the SDK, as far as it is made to lie. */
interface AnyClient {
  readonly middlewareStack: { add(middleware: never, options: never): void };
}
type Next = (args: { readonly input: object }) => Promise<unknown>;

/** Makes a client forget a member of its requests, wherever it stands, as if the service ignored it. */
export function forgetting<Client extends AnyClient>(client: Client, member: string): Client {
  const middleware = (next: Next) => (args: { readonly input: object }) =>
    next({ ...args, input: without(args.input, member) as object });
  client.middlewareStack.add(middleware as never, { step: 'initialize', priority: 'low' } as never);
  return client;
}

/** Makes a client see another error than the service answered. */
export function renaming<Client extends AnyClient>(client: Client, from: string, to: string): Client {
  const middleware = (next: Next) => (args: { readonly input: object }) =>
    next(args).catch((error: Error) => {
      if (error.name === from) error.name = to;
      throw error;
    });
  client.middlewareStack.add(middleware as never, { step: 'initialize', priority: 'high' } as never);
  return client;
}

/** The value without a member; what is no plain object (a stream, bytes, a date) stays as it is. */
function without(value: unknown, member: string): unknown {
  if (Array.isArray(value)) return value.map((one) => without(one, member));
  if (typeof value !== 'object' || value === null) return value;
  if (Object.getPrototypeOf(value) !== Object.prototype) return value;
  const kept = Object.entries(value).filter(([name]) => name !== member);
  return Object.fromEntries(kept.map(([name, one]) => [name, without(one, member)]));
}
