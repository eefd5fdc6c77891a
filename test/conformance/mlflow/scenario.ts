/** A request of MLflow's REST API. Texts `$name` stand for what an earlier step saved, `$new` for a text that is used once. */
export interface Step {
  /** What is asked, as a person would say it; unique in its scenario. */
  readonly title: string;
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the server's address, e.g. `/api/2.0/mlflow/runs/create`. */
  readonly path: string;
  readonly message?: Readonly<Record<string, unknown>>;
  /** Sent instead of a JSON message. */
  readonly bytes?: string;
  /** Names to paths in the answer, e.g. `{ run: 'run.info.run_id' }`. */
  readonly save?: Readonly<Record<string, string>>;
  /** Also send it with each field left out, of a wrong type, and too long, before it is sent right. */
  readonly variants?: boolean;
  /** Members of the answer that are not compared, with the reason; a path ends where lists begin: `run.info.user_id`. */
  readonly ignore?: Readonly<Record<string, string>>;
}

export interface Scenario {
  readonly name: string;
  readonly steps: readonly Step[];
}

/** What a server answered. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** A server under comparison, with what its answers gave so far. */
export class Subject {
  readonly #url: string;
  readonly #saved = new Map<string, string>();
  #count = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /** Sends a request and saves what the step names. */
  async ask(step: Step): Promise<Answer> {
    const message = this.#filled(step.message ?? {}) as Record<string, unknown>;
    const path = this.#filled(step.path) as string;
    const isQuery = step.method === 'GET' || step.bytes !== undefined;
    const response = await fetch(`${this.#url}${path}${isQuery ? queryOf(message) : ''}`, {
      method: step.method,
      redirect: 'follow',
      ...(isQuery ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(message) }),
      ...(step.bytes === undefined
        ? {}
        : { headers: { 'content-type': 'application/octet-stream' }, body: step.bytes }),
      signal: AbortSignal.timeout(60_000),
    });
    const body = parsed(await response.text());
    if (response.ok) {
      for (const [name, from] of Object.entries(step.save ?? {})) {
        const value = memberOf(body, from);
        if (value === undefined)
          throw new Error(`${step.title}: the answer has no ${from}: ${JSON.stringify(body)}`);
        this.#saved.set(name, String(value));
      }
    }
    return { status: response.status, body };
  }

  #filled(value: unknown): unknown {
    if (typeof value === 'string')
      return value.replaceAll(/\$([a-zA-Z]\w*)/g, (_all, name: string) => this.#value(name));
    if (Array.isArray(value)) return value.map((one) => this.#filled(one));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, this.#filled(one)]));
  }

  #value(name: string): string {
    if (name === 'new') return `new-${++this.#count}`;
    const value = this.#saved.get(name);
    if (value === undefined) throw new Error(`No step saved '${name}'.`);
    return value;
  }
}

function queryOf(message: Readonly<Record<string, unknown>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(message)) {
    for (const one of Array.isArray(value) ? value : [value])
      query.append(name, typeof one === 'object' ? JSON.stringify(one) : String(one));
  }
  return query.size > 0 ? `?${query}` : '';
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** `run.info.run_id` of a body; a number in the path is a place in a list. */
function memberOf(body: unknown, from: string): unknown {
  return from
    .split('.')
    .reduce<unknown>((inner, name) => (inner as Record<string, unknown> | undefined)?.[name], body);
}
