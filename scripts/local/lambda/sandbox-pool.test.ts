import { afterEach, describe, expect, it } from 'vitest';
import type { FunctionConfig } from './function-config.ts';
import type { Invocation, Outcome } from './runtime-api.ts';
import { type Lane, type PooledSandbox, type PoolLimits, SandboxPool } from './sandbox-pool.ts';

const outcome: Outcome = { body: Buffer.from('1'), failed: false, durationMs: 1, maxMemoryUsedBytes: 1 };

/** A sandbox that ends its invocation when the test says so. */
class FakeSandbox implements PooledSandbox {
  readonly config: FunctionConfig;
  dead = false;
  lastUsedMs: number;
  readonly exited = Promise.resolve();
  finish: (result: Outcome | 'undelivered') => void = () => undefined;

  constructor(config: FunctionConfig, lastUsedMs: number) {
    this.config = config;
    this.lastUsedMs = lastUsedMs;
  }
  run(): Promise<Outcome | 'undelivered'> {
    return new Promise((resolve) => {
      this.finish = resolve;
    });
  }
  kill(): void {
    this.dead = true;
  }
}

let pool: SandboxPool;
afterEach(() => pool.stop());

function start(limits: Partial<PoolLimits> = {}) {
  const sandboxes: FakeSandbox[] = [];
  const configs = new Map<string, FunctionConfig>();
  const all = { maxSandboxesPerFunction: 1, maxSandboxes: 10, maxBackground: 1, idleMs: 60_000, ...limits };
  let nowMs = 0;
  pool = new SandboxPool(
    all,
    (config) => {
      const sandbox = new FakeSandbox(config, nowMs++);
      sandboxes.push(sandbox);
      return sandbox;
    },
    () => nowMs,
  );
  const configOf = (name: string, reservedConcurrency?: number) => {
    const config = {
      name,
      ...(reservedConcurrency !== undefined && { reservedConcurrency }),
    } as FunctionConfig;
    configs.set(name, configs.get(name) ?? config);
    return configs.get(name) ?? config;
  };
  const run = (
    name: string,
    lane: Lane = 'background',
    options: { reserved?: number; mayWait?: boolean } = {},
  ) => pool.run(configOf(name, options.reserved), {} as Invocation, lane, options.mayWait ?? true);
  const started = () => sandboxes.map(({ config }) => config.name);
  const finish = async (index: number, result: Outcome | 'undelivered' = outcome) => {
    sandboxes[index]?.finish(result);
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { sandboxes, run, started, finish };
}

describe('the sandbox pool', () => {
  it('gives functions their turn, so that a burst for one does not hold up another', async () => {
    const { run, started, finish, sandboxes } = start({ maxSandboxesPerFunction: 1 });
    void run('burst');
    void run('burst');
    void run('burst');
    void run('other');
    expect(started()).toEqual(['burst']);
    await finish(0);
    expect(started()).toEqual(['burst', 'other']);
    expect(sandboxes).toHaveLength(2);
  });

  it('lets interactive work pass the cap on background work', () => {
    const { run, started } = start();
    void run('slow');
    void run('waiting');
    void run('api', 'interactive');
    expect(started()).toEqual(['slow', 'api']);
  });

  it('uses a warm process again', async () => {
    const { run, finish, sandboxes } = start();
    const first = run('f');
    await finish(0);
    await expect(first).resolves.toBe(outcome);
    void run('f');
    expect(sandboxes).toHaveLength(1);
  });

  it('ends the least recently used idle process for a new one', async () => {
    const { run, finish, sandboxes } = start({ maxSandboxes: 2 });
    for (const name of ['a', 'b']) void run(name);
    await finish(0);
    await finish(1);
    void run('c');
    expect(sandboxes.map(({ config, dead }) => [config.name, dead])).toEqual([
      ['a', true],
      ['b', false],
      ['c', false],
    ]);
  });

  it('runs an invocation elsewhere that a dying process did not take', async () => {
    const { run, finish, sandboxes } = start();
    const result = run('f');
    const [first] = sandboxes;
    if (first !== undefined) first.dead = true;
    await finish(0, 'undelivered');
    await finish(1);
    await expect(result).resolves.toBe(outcome);
  });

  it('throttles beyond the reserved concurrency, and whatever is switched off', async () => {
    const { run } = start();
    void run('single', 'interactive', { reserved: 1, mayWait: false });
    expect(() => run('single', 'interactive', { mayWait: false })).toThrow('Rate Exceeded.');
    expect(() => run('off', 'background', { reserved: 0 })).toThrow('Rate Exceeded.');
  });
});
