import { AwsError, type AwsRequest } from '../emulated-service.ts';
import { type Aliases, aliasChanges } from './aliases.ts';
import type { FunctionCatalogue } from './catalogue.ts';
import type { FunctionAlias } from './publications.ts';

/** GetAlias. */
export function getAlias(
  catalogue: FunctionCatalogue,
  aliases: Aliases,
  functionName: string,
  alias: string,
) {
  return describe(catalogue, aliases.get(bareName(catalogue, functionName), alias));
}

/** ListAliases, whole: no function has so many that a page would end. */
export function listAliases(catalogue: FunctionCatalogue, aliases: Aliases, functionName: string) {
  const name = bareName(catalogue, functionName);
  return { Aliases: aliases.list(name).map((alias) => describe(catalogue, alias)) };
}

/** UpdateAlias, as CodeDeploy calls it to shift traffic. @throws AwsError as `Aliases.update`, InvalidParameterValueException */
export async function updateAlias(
  catalogue: FunctionCatalogue,
  aliases: Aliases,
  request: AwsRequest,
  target: { readonly functionName: string; readonly alias: string },
) {
  const changes = aliasChanges.safeParse(JSON.parse((await request.bytes()).toString()));
  if (!changes.success) {
    throw new AwsError('InvalidParameterValueException', changes.error.issues[0]?.message ?? '', 400, {
      Type: 'User',
    });
  }
  const name = bareName(catalogue, target.functionName);
  return describe(catalogue, aliases.update(name, target.alias, changes.data));
}

/** @throws AwsError ResourceNotFoundException (404) */
function bareName(catalogue: FunctionCatalogue, nameOrArn: string): string {
  return catalogue.primaryConfig(nameOrArn).name;
}

function describe(catalogue: FunctionCatalogue, alias: FunctionAlias): object {
  const isWeighted = Object.keys(alias.additionalVersionWeights).length > 0;
  return {
    AliasArn: catalogue.arnOf(alias.functionName, alias.name),
    Name: alias.name,
    FunctionVersion: alias.functionVersion,
    Description: alias.description,
    RevisionId: alias.revisionId,
    ...(isWeighted && { RoutingConfig: { AdditionalVersionWeights: alias.additionalVersionWeights } }),
  };
}
