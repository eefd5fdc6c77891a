import type { ProvisionedResource, ResourceDeclaration } from '../emulated-service.ts';
import { parseProperties, stableId } from '../resource-properties.ts';
import type { ApiRegistry } from './api-registry.ts';
import { compileModel } from './request-validation.ts';
import {
  apiProperties,
  authorizerProperties,
  maxTimeoutMs,
  methodProperties,
  modelProperties,
  resourceProperties,
  responseProperties,
  stageProperties,
  validatorProperties,
} from './rest-properties.ts';
import { readAccessLog, readTarget } from './template-values.ts';

type Provision = (resource: ResourceDeclaration) => ProvisionedResource;

/** How each AWS::ApiGateway type of an API becomes a part of it; keys and usage plans have their own provisioner. */
export function restProvisioners(registry: ApiRegistry): Readonly<Record<string, Provision>> {
  return {
    'AWS::ApiGateway::RestApi': (resource) => {
      const read = parseProperties(resource, apiProperties);
      const id = stableId(resource, 10);
      const rootResourceId = `${id}root`;
      registry.restApis.set(id, {
        id,
        name: read.Name,
        rootResourceId,
        apiKeySource: read.ApiKeySourceType,
        binaryMediaTypes: read.BinaryMediaTypes,
      });
      return { ref: id, attributes: { RestApiId: id, RootResourceId: rootResourceId } };
    },
    'AWS::ApiGateway::Resource': (resource) => {
      const read = parseProperties(resource, resourceProperties);
      const id = stableId(resource, 6);
      registry.restResources.set(id, {
        id,
        apiId: read.RestApiId,
        parentId: read.ParentId,
        pathPart: read.PathPart,
      });
      return { ref: id, attributes: { ResourceId: id } };
    },
    'AWS::ApiGateway::Method': (resource) => provisionMethod(resource, registry),
    'AWS::ApiGateway::Authorizer': (resource) => provisionAuthorizer(resource, registry),
    // A deployment freezes an API in AWS; the laptop serves what the template has now.
    'AWS::ApiGateway::Deployment': (resource) => {
      const id = stableId(resource, 6);
      return { ref: id, attributes: { DeploymentId: id } };
    },
    'AWS::ApiGateway::Stage': (resource) => provisionStage(resource, registry),
    'AWS::ApiGateway::Model': (resource) => {
      const read = parseProperties(resource, modelProperties);
      registry.models.set(`${read.RestApiId} ${read.Name}`, compileModel(read.Schema));
      return { ref: read.Name, attributes: {} };
    },
    'AWS::ApiGateway::RequestValidator': (resource) => {
      const read = parseProperties(resource, validatorProperties);
      const id = stableId(resource, 6);
      registry.validators.set(id, {
        validateBody: read.ValidateRequestBody,
        validateParameters: read.ValidateRequestParameters,
      });
      return { ref: id, attributes: { RequestValidatorId: id } };
    },
    'AWS::ApiGateway::GatewayResponse': (resource) => provisionResponse(resource, registry),
    // The role that API Gateway writes its own logs with; the laptop writes them itself.
    'AWS::ApiGateway::Account': (resource) => {
      const id = stableId(resource, 10);
      return { ref: id, attributes: { Id: id } };
    },
  };
}

function provisionMethod(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, methodProperties);
  const id = `${read.RestApiId} ${read.ResourceId} ${read.HttpMethod}`;
  const { Uri, TimeoutInMillis, Credentials } = read.Integration;
  registry.restMethods.set(id, {
    apiId: read.RestApiId,
    resourceId: read.ResourceId,
    httpMethod: read.HttpMethod,
    target: readTarget(resource, Uri, TimeoutInMillis, Credentials),
    apiKeyRequired: read.ApiKeyRequired,
    requestModels: read.RequestModels,
    requiredParameters: Object.entries(read.RequestParameters)
      .filter(([, isRequired]) => isRequired)
      .map(([name]) => name),
    ...(read.RequestValidatorId !== undefined && { validatorId: read.RequestValidatorId }),
    ...(read.AuthorizationType === 'CUSTOM' &&
      read.AuthorizerId !== undefined && { authorizerId: read.AuthorizerId }),
  });
  return { ref: id, attributes: {} };
}

function provisionAuthorizer(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, authorizerProperties);
  const id = stableId(resource, 6);
  registry.restAuthorizers.set(id, {
    id,
    apiId: read.RestApiId,
    type: read.Type,
    target: readTarget(resource, read.AuthorizerUri, maxTimeoutMs, read.AuthorizerCredentials),
    identitySources:
      read.IdentitySource === '' ? [] : read.IdentitySource.split(',').map((part) => part.trim()),
    ttlSeconds: read.AuthorizerResultTtlInSeconds,
  });
  return { ref: id, attributes: { AuthorizerId: id } };
}

function provisionStage(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, stageProperties);
  const throttles = read.MethodSettings.filter(
    ({ ThrottlingRateLimit, ThrottlingBurstLimit }) =>
      ThrottlingRateLimit !== undefined || ThrottlingBurstLimit !== undefined,
  ).map((settings) => {
    // `/*` stands for all resources; a slash within a path may be written `~1`.
    const path = settings.ResourcePath === '/*' ? '*' : settings.ResourcePath.replaceAll('~1', '/');
    const throttle = {
      ...(settings.ThrottlingRateLimit !== undefined && { rateLimit: settings.ThrottlingRateLimit }),
      ...(settings.ThrottlingBurstLimit !== undefined && { burstLimit: settings.ThrottlingBurstLimit }),
    };
    return [`${settings.HttpMethod} ${path}`, throttle] as const;
  });
  registry.stages.set(`${read.RestApiId} ${read.StageName}`, {
    apiId: read.RestApiId,
    name: read.StageName,
    variables: read.Variables,
    throttles: Object.fromEntries(throttles),
    ...readAccessLog(read.AccessLogSetting),
  });
  return { ref: read.StageName, attributes: {} };
}

function provisionResponse(resource: ResourceDeclaration, registry: ApiRegistry): ProvisionedResource {
  const read = parseProperties(resource, responseProperties);
  const headers = Object.entries(read.ResponseParameters).map(
    // Constants are quoted: `gatewayresponse.header.X: "'*'"`.
    ([name, value]) => [name.replace('gatewayresponse.header.', ''), value.replace(/^'|'$/g, '')] as const,
  );
  const template = read.ResponseTemplates['application/json'];
  registry.overrides.set(`${read.RestApiId} ${read.ResponseType}`, {
    headers: Object.fromEntries(headers),
    ...(read.StatusCode !== undefined && { statusCode: read.StatusCode }),
    ...(template !== undefined && { template }),
  });
  return { ref: stableId(resource, 10), attributes: { Id: stableId(resource, 10) } };
}
