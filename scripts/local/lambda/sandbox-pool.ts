import { AwsError } from '../emulated-service.ts';
import type { FunctionConfig } from './function-config.ts';
import type { Invocation, Outcome } from './runtime-api.ts';

/**
 * Who waits for an invocation. `interactive`: a caller that holds something while it waits (an API request, a function that called
 * another); it may exceed the cap on work in progress, or callers could wait for each other for ever. `background`: all others.
 */
export type Lane = 'interactive' | 'background';

/** What the pool needs of a sandbox; see `Sandbox`. */
export interface PooledSandbox {
  readonly config: FunctionConfig;
  readonly dead: boolean;
  readonly lastUsedMs: number;
  readonly exited: Promise<void>;
  run(invocation: Invocation): Promise<Outcome | 'undelivered'>;
  kill(): void;
}

/** Limits that keep a small machine usable. */
export interface PoolLimits {
  /** Processes of one function, unless it reserves fewer. */
  readonly maxSandboxesPerFunction: number;
  /** Processes that wait idle or work; idle ones are ended, least recently used first, to stay below. */
  readonly maxSandboxes: number;
  /** Background invocations in progress. */
  readonly maxBackground: number;
  /** How long an idle process is kept. */
  readonly idleMs: number;
}

/** Invocations in progress and waiting per account above which AWS throttles. */
const accountConcurrency = 1000;

interface Waiting {
  readonly invocation: Invocation;
  readonly lane: Lane;
  readonly settle: (outcome: Outcome) => void;
}

/** Of one version of a function: versions share no process. Reserved concurrency, too, is counted for each version by itself. */
interface FunctionState {
  config: FunctionConfig;
  /** When it last started an invocation, counted in turns. */
  turn: number;
  /** Ready processes, the most recently used last. */
  idle: PooledSandbox[];
  readonly busy: Set<PooledSandbox>;
  readonly waiting: Record<Lane, Waiting[]>;
}

/**
 * Shares the processes among the functions. Waiting invocations of one function run in the order of their arrival, interactive
 * ones first; among functions the turn goes round, so that a burst for one does not hold up the rest.
 */
export class SandboxPool {
  readonly #functions = new Map<string, FunctionState>();
  readonly #limits: PoolLimits;
  readonly #create: (config: FunctionConfig) => PooledSandbox;
  readonly #now: () => number;
  #backgroundRunning = 0;
  #inProgress = 0;
  #turns = 0;
  #reaper: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(limits: PoolLimits, create: (config: FunctionConfig) => PooledSandbox, now: () => number) {
    this.#limits = limits;
    this.#create = create;
    this.#now = now;
  }

  /**
   * Runs an invocation as soon as the limits allow; resolves also when the function fails.
   * @param mayWait whether the caller queues behind a function's reserved concurrency (its own queue in AWS) or is throttled
   * @throws AwsError TooManyRequestsException (429)
   */
  run(config: FunctionConfig, invocation: Invocation, lane: Lane, mayWait: boolean): Promise<Outcome> {
    const state = this.#state(config);
    this.#admit(state, mayWait);
    return new Promise((settle) => {
      this.#inProgress += 1;
      state.waiting[lane].push({ invocation, lane, settle });
      this.#pump();
    });
  }

  /** Ends the idle processes of what changed or is gone; busy ones end after their invocation. */
  retire(functionName: string, version: string): void {
    const state = this.#functions.get(keyOf({ name: functionName, version }));
    for (const sandbox of state?.idle.splice(0) ?? []) sandbox.kill();
  }

  /** Kills all processes and waits for their end. What they run or what waits never settles: it did neither succeed nor fail. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#reaper);
    const sandboxes = [...this.#functions.values()].flatMap(({ idle, busy }) => [...idle, ...busy]);
    for (const sandbox of sandboxes) sandbox.kill();
    await Promise.all(sandboxes.map(({ exited }) => exited));
  }

  #state(config: FunctionConfig): FunctionState {
    const key = keyOf(config);
    let state = this.#functions.get(key);
    if (state === undefined) {
      state = { config, turn: 0, idle: [], busy: new Set(), waiting: { interactive: [], background: [] } };
      this.#functions.set(key, state);
    }
    state.config = config;
    return state;
  }

  #admit(state: FunctionState, mayWait: boolean): void {
    const reserved = state.config.reservedConcurrency;
    const used = state.busy.size + state.waiting.interactive.length + state.waiting.background.length;
    if (reserved !== undefined && (reserved === 0 || (!mayWait && used >= reserved))) {
      throw throttled('ReservedFunctionConcurrentInvocationLimitExceeded');
    }
    if (!mayWait && this.#inProgress >= accountConcurrency) {
      throw throttled('ConcurrentInvocationLimitExceeded');
    }
  }

  /** Starts all that may start now. */
  #pump(): void {
    while (!this.#stopped && this.#startNext()) {
      // Each start may leave room for another.
    }
  }

  /** Starts one invocation of the function whose last turn is longest ago. */
  #startNext(): boolean {
    const byTurn = [...this.#functions.values()].sort((a, b) => a.turn - b.turn);
    for (const state of byTurn) {
      const next = this.#takeNext(state);
      if (next === undefined) continue;
      this.#turns += 1;
      state.turn = this.#turns;
      void this.#execute(state, next);
      return true;
    }
    return false;
  }

  #takeNext(state: FunctionState): Waiting | undefined {
    const limit = Math.min(
      state.config.reservedConcurrency ?? this.#limits.maxSandboxesPerFunction,
      this.#limits.maxSandboxesPerFunction,
    );
    if (state.busy.size >= limit) return undefined;
    const interactive = state.waiting.interactive.shift();
    if (interactive !== undefined) return interactive;
    return this.#backgroundRunning < this.#limits.maxBackground
      ? state.waiting.background.shift()
      : undefined;
  }

  async #execute(state: FunctionState, { invocation, lane, settle }: Waiting): Promise<void> {
    if (lane === 'background') this.#backgroundRunning += 1;
    const sandbox = this.#takeSandbox(state);
    state.busy.add(sandbox);
    const outcome = await sandbox.run(invocation);
    if (this.#stopped) return;
    state.busy.delete(sandbox);
    if (lane === 'background') this.#backgroundRunning -= 1;
    this.#putBack(state, sandbox);
    if (outcome === 'undelivered') {
      state.waiting[lane].unshift({ invocation, lane, settle });
    } else {
      this.#inProgress -= 1;
      settle(outcome);
    }
    this.#pump();
  }

  #takeSandbox(state: FunctionState): PooledSandbox {
    for (let sandbox = state.idle.pop(); sandbox !== undefined; sandbox = state.idle.pop()) {
      if (!sandbox.dead && sandbox.config === state.config) return sandbox;
      sandbox.kill();
    }
    this.#makeRoom();
    return this.#create(state.config);
  }

  #putBack(state: FunctionState, sandbox: PooledSandbox): void {
    if (sandbox.dead) return;
    if (sandbox.config !== state.config) {
      sandbox.kill();
      return;
    }
    state.idle.push(sandbox);
    this.#reaper ??= setTimeout(() => this.#reap(), this.#limits.idleMs).unref();
  }

  #makeRoom(): void {
    const states = [...this.#functions.values()];
    const total = states.reduce((sum, state) => sum + state.idle.length + state.busy.size, 0);
    if (total < this.#limits.maxSandboxes) return;
    const [oldest] = states
      .filter((state) => state.idle.length > 0)
      .sort((a, b) => (a.idle[0]?.lastUsedMs ?? 0) - (b.idle[0]?.lastUsedMs ?? 0));
    oldest?.idle.shift()?.kill();
  }

  #reap(): void {
    this.#reaper = undefined;
    const expiredMs = this.#now() - this.#limits.idleMs;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const state of this.#functions.values()) {
      for (const sandbox of state.idle) {
        if (sandbox.lastUsedMs <= expiredMs) sandbox.kill();
        else nextMs = Math.min(nextMs, sandbox.lastUsedMs - expiredMs);
      }
      state.idle = state.idle.filter((sandbox) => sandbox.lastUsedMs > expiredMs);
    }
    if (Number.isFinite(nextMs)) this.#reaper = setTimeout(() => this.#reap(), nextMs).unref();
  }
}

const keyOf = ({ name, version }: Pick<FunctionConfig, 'name' | 'version'>): string => `${name}:${version}`;

function throttled(reason: string): AwsError {
  return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429, { Reason: reason });
}
