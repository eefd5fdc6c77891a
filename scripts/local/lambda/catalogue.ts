import { AwsError } from '../emulated-service.ts';
import type { FunctionConfig } from './function-config.ts';

/** What an invocation names: a function, and the version or alias it was called by. */
export interface InvocationTarget {
  readonly config: FunctionConfig;
  /** Alias or version as the caller wrote it; absent for the bare function. */
  readonly qualifier?: string;
  /** ARN as invoked, with the qualifier. */
  readonly invokedArn: string;
  /** `$LATEST` or the number of a version. */
  readonly executedVersion: string;
}

const namePattern =
  /^(?:arn:aws:lambda:[a-z0-9-]+:\d{12}:function:|\d{12}:function:)?([A-Za-z0-9_-]{1,64})(?::(\$LATEST|[A-Za-z0-9_-]+))?$/;

/**
 * The functions of the templates with their versions and aliases. A version keeps its number but runs the code that the
 * template has now: the laptop keeps no old code.
 */
export class FunctionCatalogue {
  readonly #functions = new Map<string, FunctionConfig>();
  readonly #aliases = new Map<string, string>();
  readonly #versions = new Set<string>();
  readonly #arnPrefix: string;

  constructor(arnPrefix: string) {
    this.#arnPrefix = arnPrefix;
  }

  put(config: FunctionConfig): void {
    this.#functions.set(config.name, config);
  }

  remove(name: string): void {
    this.#functions.delete(name);
  }

  putVersion(functionName: string, version: string): void {
    this.#versions.add(`${functionName}:${version}`);
  }

  putAlias(functionName: string, alias: string, version: string): void {
    this.#aliases.set(`${functionName}:${alias}`, version);
  }

  list(): readonly FunctionConfig[] {
    return [...this.#functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Finds a function by name, partial ARN or ARN, with or without a qualifier.
   * @throws AwsError ValidationException for a malformed name, ResourceNotFoundException (404) for an unknown function or qualifier
   */
  resolve(nameOrArn: string, qualifier?: string): InvocationTarget {
    const target = this.find(nameOrArn, qualifier);
    if (target !== undefined) return target;
    throw new AwsError(
      'ResourceNotFoundException',
      `Function not found: ${this.arnOf(nameOrArn, qualifier)}`,
      404,
      {
        Type: 'User',
      },
    );
  }

  /** As `resolve`, but an unknown function or qualifier is undefined. */
  find(nameOrArn: string, qualifierParameter?: string): InvocationTarget | undefined {
    const { name, qualifier } = splitName(nameOrArn, qualifierParameter);
    const config = this.#functions.get(name);
    const executedVersion = this.#version(name, qualifier);
    if (config === undefined || executedVersion === undefined) return undefined;
    return {
      config,
      invokedArn: this.arnOf(nameOrArn, qualifier),
      executedVersion,
      ...(qualifier !== undefined && { qualifier }),
    };
  }

  /** The ARN that a name, partial ARN or ARN stands for, whether or not the function exists. */
  arnOf(nameOrArn: string, qualifierParameter?: string): string {
    const { name, qualifier } = splitName(nameOrArn, qualifierParameter);
    return `${this.#arnPrefix}${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
  }

  #version(functionName: string, qualifier: string | undefined): string | undefined {
    if (qualifier === undefined || qualifier === '$LATEST') return '$LATEST';
    if (this.#versions.has(`${functionName}:${qualifier}`)) return qualifier;
    return this.#aliases.get(`${functionName}:${qualifier}`);
  }
}

/** @throws AwsError ValidationException for a malformed name */
function splitName(nameOrArn: string, qualifierParameter?: string): { name: string; qualifier?: string } {
  const match = namePattern.exec(nameOrArn);
  if (match === null) {
    throw new AwsError(
      'ValidationException',
      `1 validation error detected: Value '${nameOrArn}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${namePattern.source}`,
    );
  }
  const qualifier = qualifierParameter ?? match[2];
  return { name: match[1] ?? '', ...(qualifier !== undefined && { qualifier }) };
}
