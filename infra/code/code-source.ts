import { Code, type CodeConfig } from 'aws-cdk-lib/aws-lambda';
import type { ServiceName } from '#shared/kernel/names.ts';

/** A handler file: services/<service>/handlers/<handler>.ts, which exports `handler`. */
export interface HandlerFile {
  readonly service: ServiceName;
  readonly handler: string;
}

/** A program that runs in a container: services/<service>/processing/main.ts, a process of its own that ends when it is done. */
export interface ProgramFile {
  readonly service: ServiceName;
  readonly program: 'processing';
}

/** The programs of the image of processing jobs. */
export const processingPrograms: readonly ProgramFile[] = [
  { service: 'feature-store', program: 'processing' },
  { service: 'validation', program: 'processing' },
];

/** Where functions, layers and programs get their code from. */
export interface CodeSource {
  handler(file: HandlerFile): Code;
  /** The programs of processing jobs side by side, each as `processingFile` of its service. */
  programs(): Code;
  /** DuckDB's native library, at nodejs/node_modules. */
  duckdbLayer(): Code;
}

/**
 * A source that bundles nothing and remembers what was asked for: for a first pass that finds out what must be bundled, and
 * for tests that look at templates only. What it gives cannot be run.
 */
export class RecordingCodeSource implements CodeSource {
  readonly #files = new Map<string, HandlerFile>();
  #asksForPrograms = false;
  #asksForDuckdb = false;

  get files(): readonly HandlerFile[] {
    return [...this.#files.values()];
  }

  get asksForPrograms(): boolean {
    return this.#asksForPrograms;
  }

  get asksForDuckdb(): boolean {
    return this.#asksForDuckdb;
  }

  handler(file: HandlerFile): Code {
    this.#files.set(`${file.service}/${file.handler}`, file);
    return new AbsentCode(`${file.service}/${file.handler}`);
  }

  programs(): Code {
    this.#asksForPrograms = true;
    return new AbsentCode('programs');
  }

  duckdbLayer(): Code {
    this.#asksForDuckdb = true;
    return new AbsentCode('duckdb');
  }
}

/** Code that is nowhere. */
class AbsentCode extends Code {
  readonly isInline = false;
  readonly #objectKey: string;

  constructor(objectKey: string) {
    super();
    this.#objectKey = objectKey;
  }

  override bind(): CodeConfig {
    return { s3Location: { bucketName: 'nowhere', objectKey: this.#objectKey } };
  }
}
