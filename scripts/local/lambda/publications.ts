import { existsSync } from 'node:fs';
import * as z from 'zod';
import { writeFileAtomically } from '../durable/journal.ts';
import { DamagedFile, readStateFile } from '../durable/state-file.ts';
import type { FunctionConfig } from './function-config.ts';

const alias = z.object({
  functionName: z.string(),
  name: z.string(),
  /** The version that takes what no other version takes. */
  functionVersion: z.string(),
  /** Shares of the invocations, from 0 to 1, by version. */
  additionalVersionWeights: z.record(z.string(), z.number()),
  description: z.string(),
  /** Changes with every change. */
  revisionId: z.string(),
  /** What the template said when it was last applied: the same again leaves alone what calls have changed since. */
  declaration: z.string(),
});

/** A name that points to a version of a function, or to two of them by weight. */
export type FunctionAlias = z.output<typeof alias>;

const fileSchema = z.object({
  versions: z.array(
    z.custom<FunctionConfig>((value) => z.looseObject({ version: z.string() }).safeParse(value).success),
  ),
  aliases: z.array(alias),
});

/** Published versions, which never change, and aliases, on disk: a version is what it was whatever its function is now. */
export class Publications {
  readonly #file: string;
  readonly #versions = new Map<string, FunctionConfig>();
  readonly #aliases = new Map<string, FunctionAlias>();

  constructor(file: string) {
    this.#file = file;
  }

  /** @throws DamagedFile */
  load(): void {
    if (!existsSync(this.#file)) return;
    const read = fileSchema.safeParse(readStateFile(this.#file));
    if (!read.success) throw new DamagedFile(this.#file, read.error);
    for (const config of read.data.versions) this.#versions.set(keyOf(config.name, config.version), config);
    for (const one of read.data.aliases) this.#aliases.set(keyOf(one.functionName, one.name), one);
  }

  version(functionName: string, version: string): FunctionConfig | undefined {
    return this.#versions.get(keyOf(functionName, version));
  }

  /** Oldest first. */
  versions(functionName: string): readonly FunctionConfig[] {
    return [...this.#versions.values()]
      .filter(({ name }) => name === functionName)
      .sort((a, b) => Number(a.version) - Number(b.version));
  }

  alias(functionName: string, name: string): FunctionAlias | undefined {
    return this.#aliases.get(keyOf(functionName, name));
  }

  aliases(functionName: string): readonly FunctionAlias[] {
    return [...this.#aliases.values()].filter((one) => one.functionName === functionName);
  }

  putVersion(config: FunctionConfig): void {
    this.#versions.set(keyOf(config.name, config.version), config);
    this.#write();
  }

  removeVersion(functionName: string, version: string): void {
    if (this.#versions.delete(keyOf(functionName, version))) this.#write();
  }

  putAlias(one: FunctionAlias): void {
    this.#aliases.set(keyOf(one.functionName, one.name), one);
    this.#write();
  }

  removeAlias(functionName: string, name: string): void {
    if (this.#aliases.delete(keyOf(functionName, name))) this.#write();
  }

  #write(): void {
    const content = { versions: [...this.#versions.values()], aliases: [...this.#aliases.values()] };
    writeFileAtomically(this.#file, JSON.stringify(content));
  }
}

const keyOf = (functionName: string, qualifier: string): string => `${functionName}:${qualifier}`;
