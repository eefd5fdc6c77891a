import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { AwsError } from '../emulated-service.ts';
import type { FunctionCatalogue } from './catalogue.ts';
import type { FunctionAlias, Publications } from './publications.ts';

/** What UpdateAlias may change; what is absent stays. */
export const aliasChanges = z.strictObject({
  FunctionVersion: z.string().optional(),
  Description: z.string().optional(),
  RoutingConfig: z
    .strictObject({ AdditionalVersionWeights: z.record(z.string(), z.number()).optional() })
    .optional(),
  RevisionId: z.string().optional(),
});

/** What a template or a call asks an alias to be. */
export interface AliasWish {
  readonly functionVersion: string;
  readonly description: string;
  readonly additionalVersionWeights: Readonly<Record<string, number>>;
}

/** The aliases of the functions: made by templates, moved by templates and by UpdateAlias. */
export class Aliases {
  readonly #catalogue: FunctionCatalogue;
  readonly #publications: Publications;

  constructor(catalogue: FunctionCatalogue, publications: Publications) {
    this.#catalogue = catalogue;
    this.#publications = publications;
  }

  /** Makes or moves an alias as a template declares it. @throws AwsError as `update` */
  declare(functionName: string, name: string, wish: AliasWish): void {
    const declaration = JSON.stringify(wish);
    const before = this.#publications.alias(functionName, name);
    if (before?.declaration === declaration) return;
    this.#put({ ...wish, functionName, name, declaration, revisionId: randomUUID() });
  }

  /** @throws AwsError ResourceNotFoundException (404) */
  get(functionName: string, name: string): FunctionAlias {
    const found = this.#publications.alias(functionName, name);
    if (found !== undefined) return found;
    const arn = this.#catalogue.arnOf(functionName, name);
    throw new AwsError('ResourceNotFoundException', `Cannot find alias arn: ${arn}`, 404, { Type: 'User' });
  }

  list(functionName: string): readonly FunctionAlias[] {
    return this.#publications.aliases(functionName);
  }

  /**
   * @throws AwsError ResourceNotFoundException (404), PreconditionFailedException (412) for another revision,
   * InvalidParameterValueException for weights that cannot be
   */
  update(functionName: string, name: string, changes: z.output<typeof aliasChanges>): FunctionAlias {
    const before = this.get(functionName, name);
    if (changes.RevisionId !== undefined && changes.RevisionId !== before.revisionId) {
      throw new AwsError(
        'PreconditionFailedException',
        'The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId',
        412,
        { Type: 'User' },
      );
    }
    return this.#put({
      ...before,
      functionVersion: changes.FunctionVersion ?? before.functionVersion,
      description: changes.Description ?? before.description,
      additionalVersionWeights:
        changes.RoutingConfig === undefined
          ? before.additionalVersionWeights
          : (changes.RoutingConfig.AdditionalVersionWeights ?? {}),
      revisionId: randomUUID(),
    });
  }

  #put(alias: FunctionAlias): FunctionAlias {
    const { functionName, functionVersion } = alias;
    const weights = Object.entries(alias.additionalVersionWeights);
    for (const version of [functionVersion, ...weights.map(([additional]) => additional)]) {
      this.#catalogue.primaryConfig(functionName, version);
    }
    const problem = weightProblem(functionVersion, weights);
    if (problem !== undefined) {
      throw new AwsError('InvalidParameterValueException', problem, 400, { Type: 'User' });
    }
    this.#publications.putAlias(alias);
    return alias;
  }
}

/** Limits of "Implementing Lambda canary deployments using a weighted alias", Lambda Developer Guide. */
function weightProblem(functionVersion: string, weights: readonly [string, number][]): string | undefined {
  if (weights.length === 0) return undefined;
  if (weights.length > 1) return 'Number of items in AdditionalVersionWeights cannot be greater than 1';
  const [additional, weight] = weights[0]!;
  if (additional === '$LATEST' || functionVersion === '$LATEST') {
    return '$LATEST is not supported for an alias pointing to more than 1 version';
  }
  if (additional === functionVersion) {
    return `Invalid function version ${additional}. Function version ${additional} is already included in routing configuration.`;
  }
  return weight < 0 || weight > 1
    ? `The weight of version ${additional} is ${weight}; it must be from 0.0 to 1.0.`
    : undefined;
}
