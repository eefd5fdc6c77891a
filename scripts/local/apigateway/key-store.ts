import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomically } from '../durable/journal.ts';
import type { ApiKey } from './model.ts';

const fileSchema = z.object({
  keys: z.record(
    z.string(),
    z.object({
      id: z.string(),
      name: z.string(),
      value: z.string(),
      enabled: z.boolean(),
      description: z.string().optional(),
      createdAtMs: z.number(),
      tags: z.record(z.string(), z.string()),
    }),
  ),
  /** Key ids by usage plan id. */
  planKeys: z.record(z.string(), z.array(z.string())),
  /** Requests counted against a quota, by plan, key and period. */
  usage: z.record(z.string(), z.number()),
});
type KeyFile = z.output<typeof fileSchema>;

/** API keys, which usage plans they belong to, and how much of their quotas is used. On disk, as keys are made at run time, too. */
export class KeyStore {
  readonly #file: string;
  #content: KeyFile = { keys: {}, planKeys: {}, usage: {} };
  #byValue = new Map<string, ApiKey>();

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws Error naming the file when it is damaged */
  load(): void {
    if (!existsSync(this.#file)) return;
    try {
      this.#content = fileSchema.parse(JSON.parse(readFileSync(this.#file, 'utf8')));
    } catch (cause) {
      throw new Error(`${this.#file} is damaged. Delete it (API keys are lost) or start with --fresh.`, {
        cause,
      });
    }
    this.#index();
  }

  list(): readonly ApiKey[] {
    return (Object.values(this.#content.keys) as ApiKey[]).sort((a, b) => a.createdAtMs - b.createdAtMs);
  }

  get(id: string): ApiKey | undefined {
    return this.#content.keys[id] as ApiKey | undefined;
  }

  byValue(value: string): ApiKey | undefined {
    return this.#byValue.get(value);
  }

  put(key: ApiKey): void {
    this.#content.keys[key.id] = { ...key };
    this.#index();
    this.flush();
  }

  remove(id: string): void {
    delete this.#content.keys[id];
    for (const [planId, keyIds] of Object.entries(this.#content.planKeys)) {
      this.#content.planKeys[planId] = keyIds.filter((keyId) => keyId !== id);
    }
    this.#index();
    this.flush();
  }

  keysOfPlan(planId: string): readonly string[] {
    return this.#content.planKeys[planId] ?? [];
  }

  addToPlan(planId: string, keyId: string): void {
    const keyIds = this.keysOfPlan(planId);
    if (keyIds.includes(keyId)) return;
    this.#content.planKeys[planId] = [...keyIds, keyId];
    this.flush();
  }

  removeFromPlan(planId: string, keyId: string): void {
    this.#content.planKeys[planId] = this.keysOfPlan(planId).filter((id) => id !== keyId);
    this.flush();
  }

  used(counter: string): number {
    return this.#content.usage[counter] ?? 0;
  }

  /** Counts in memory; `flush` writes. Counters of other periods of the same plan and key are dropped. */
  count(counter: string, prefix: string): void {
    const used = this.used(counter);
    for (const name of Object.keys(this.#content.usage)) {
      if (name.startsWith(prefix) && name !== counter) delete this.#content.usage[name];
    }
    this.#content.usage[counter] = used + 1;
  }

  flush(): void {
    writeFileAtomically(this.#file, JSON.stringify(this.#content, null, 2));
  }

  #index(): void {
    this.#byValue = new Map(this.list().map((key) => [key.value, key]));
  }
}
