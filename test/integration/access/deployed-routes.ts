import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A route of either API as the templates declare it. */
export interface DeployedRoute {
  /** Method and path, e.g. `GET /v1/projects/{project}`. */
  readonly key: string;
  /** Whether API Gateway asks the authorizer before anything else; on the prediction API also for an API key. */
  readonly guarded: boolean;
}

interface Resource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
}
type Resources = Readonly<Record<string, Resource>>;

/** Every route of a cloud assembly, found in its templates, whatever code declares. */
export function deployedRoutes(assemblyDir: string): DeployedRoute[] {
  return readdirSync(assemblyDir)
    .filter((file) => file.endsWith('.template.json'))
    .flatMap((file) => {
      const text = readFileSync(path.join(assemblyDir, file), 'utf8');
      const resources = (JSON.parse(text) as { Resources?: Resources }).Resources ?? {};
      return [...httpRoutes(resources), ...restMethods(resources)];
    });
}

const ofType = (resources: Resources, type: string) =>
  Object.values(resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties ?? {}] : []));

const httpRoutes = (resources: Resources): DeployedRoute[] =>
  ofType(resources, 'AWS::ApiGatewayV2::Route').map(({ RouteKey, AuthorizationType, AuthorizerId }) => ({
    key: String(RouteKey),
    guarded: AuthorizationType === 'CUSTOM' && AuthorizerId !== undefined,
  }));

const restMethods = (resources: Resources): DeployedRoute[] =>
  ofType(resources, 'AWS::ApiGateway::Method').map((method) => ({
    key: `${method['HttpMethod']} ${pathOf(resources, method['ResourceId'])}`,
    guarded: method['AuthorizationType'] === 'CUSTOM' && method['ApiKeyRequired'] === true,
  }));

/** Path of a resource of a REST API, from the root down; the root itself is no resource of the template. */
function pathOf(resources: Resources, reference: unknown): string {
  const { Ref } = (reference ?? {}) as { Ref?: string };
  const resource = Ref === undefined ? undefined : resources[Ref];
  if (!resource?.Properties) return '';
  return `${pathOf(resources, resource.Properties['ParentId'])}/${resource.Properties['PathPart']}`;
}
