import { at, type Law, referencedId, type TemplateResource } from './resource.ts';

/** Where the types that make an API call a function name it. */
const functionNames: Readonly<Record<string, readonly string[]>> = {
  'AWS::ApiGateway::Authorizer': ['AuthorizerUri'],
  'AWS::ApiGateway::Method': ['Integration', 'Uri'],
  'AWS::ApiGatewayV2::Authorizer': ['AuthorizerUri'],
  'AWS::ApiGatewayV2::Integration': ['IntegrationUri'],
};

/** APIs call functions by an alias, so that a version under deployment answers nobody until the alias moves to it. */
export const apisCallAliases: Law = (resource, { resources }) => {
  const path = functionNames[resource.type];
  if (!path || namesAlias(at(resource.properties, ...path), resource, resources)) return [];
  return ['calls a function by no alias, so that a broken version would serve at once: take liveAlias().'];
};

function namesAlias(
  target: unknown,
  { stackName }: TemplateResource,
  resources: readonly TemplateResource[],
): boolean {
  const logicalId = referencedId(target);
  if (logicalId) {
    return resources.some(
      (other) =>
        other.stackName === stackName && other.logicalId === logicalId && other.type === 'AWS::Lambda::Alias',
    );
  }
  // A name after the function's; a number would be a version, which never moves.
  return /:function:[\w-]+:[A-Za-z][\w-]*(?:\/invocations)?["\]}]*$/.test(JSON.stringify(target) ?? '');
}
