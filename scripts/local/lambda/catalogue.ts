import { AwsError } from '../emulated-service.ts';
import type { FunctionConfig } from './function-config.ts';
import type { FunctionAlias, Publications } from './publications.ts';

/** What an invocation names: a function, and the version or alias it was called by. */
export interface InvocationTarget {
  /** Of the version that runs. */
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

/** The functions of the templates as they are now, and what was published of them. */
export class FunctionCatalogue {
  readonly #functions = new Map<string, FunctionConfig>();
  readonly #publications: Publications;
  readonly #arnPrefix: string;
  readonly #random: () => number;

  /** `random` gives numbers from 0 to below 1, by which weighted aliases pick a version. */
  constructor(arnPrefix: string, publications: Publications, random: () => number) {
    this.#arnPrefix = arnPrefix;
    this.#publications = publications;
    this.#random = random;
  }

  put(config: FunctionConfig): void {
    this.#functions.set(config.name, config);
  }

  remove(name: string): void {
    this.#functions.delete(name);
  }

  list(): readonly FunctionConfig[] {
    return [...this.#functions.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /**
   * Finds a function by name, partial ARN or ARN, with or without a qualifier; an alias with weights picks anew each time.
   * @throws AwsError ValidationException for a malformed name, ResourceNotFoundException (404) for an unknown function or qualifier
   */
  resolve(nameOrArn: string, qualifier?: string): InvocationTarget {
    return this.find(nameOrArn, qualifier) ?? this.#refuse(nameOrArn, qualifier);
  }

  /** As `resolve`, but an unknown function or qualifier is undefined. */
  find(nameOrArn: string, qualifierParameter?: string): InvocationTarget | undefined {
    const { name, qualifier } = splitName(nameOrArn, qualifierParameter);
    const config = this.#config(name, qualifier, (alias) => pickVersion(alias, this.#random()));
    if (config === undefined) return undefined;
    return {
      config,
      invokedArn: this.arnOf(nameOrArn, qualifier),
      executedVersion: config.version,
      ...(qualifier !== undefined && { qualifier }),
    };
  }

  /** What an alias points to before its weights, or the version or function that is named. @throws AwsError as `resolve` */
  primaryConfig(nameOrArn: string, qualifierParameter?: string): FunctionConfig {
    const { name, qualifier } = splitName(nameOrArn, qualifierParameter);
    return (
      this.#config(name, qualifier, ({ functionVersion }) => functionVersion) ??
      this.#refuse(nameOrArn, qualifierParameter)
    );
  }

  /** The ARN that a name, partial ARN or ARN stands for, whether or not the function exists. */
  arnOf(nameOrArn: string, qualifierParameter?: string): string {
    const { name, qualifier } = splitName(nameOrArn, qualifierParameter);
    return `${this.#arnPrefix}${name}${qualifier === undefined ? '' : `:${qualifier}`}`;
  }

  #config(
    name: string,
    qualifier: string | undefined,
    versionOf: (alias: FunctionAlias) => string,
  ): FunctionConfig | undefined {
    const latest = this.#functions.get(name);
    if (latest === undefined || qualifier === undefined || qualifier === '$LATEST') return latest;
    const alias = this.#publications.alias(name, qualifier);
    const version = alias === undefined ? qualifier : versionOf(alias);
    return version === '$LATEST' ? latest : this.#publications.version(name, version);
  }

  #refuse(nameOrArn: string, qualifier: string | undefined): never {
    const message = `Function not found: ${this.arnOf(nameOrArn, qualifier)}`;
    throw new AwsError('ResourceNotFoundException', message, 404, { Type: 'User' });
  }
}

function pickVersion({ functionVersion, additionalVersionWeights }: FunctionAlias, random: number): string {
  let below = 0;
  for (const [version, weight] of Object.entries(additionalVersionWeights)) {
    below += weight;
    if (random < below) return version;
  }
  return functionVersion;
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
