import path from 'node:path';
import type {
  ApiGatewayApi,
  EmulatedService,
  ProvisionedResource,
  ResourceDeclaration,
  RuntimeContext,
} from '../emulated-service.ts';
import { ApiRegistry } from './api-registry.ts';
import { authorizeControl, type ControlParts, handleControl } from './control-api.ts';
import { Dispatcher } from './dispatcher.ts';
import { httpProvisioners } from './http-provisioner.ts';
import { keyProvisioners } from './key-provisioner.ts';
import { KeyStore } from './key-store.ts';
import { PlatformServer } from './platform-server.ts';
import { restProvisioners } from './rest-provisioner.ts';
import { TokenBuckets } from './token-buckets.ts';
import { UsagePlans } from './usage-plans.ts';

/** Where the APIs are served. */
export interface ApiGatewayOptions {
  /** Port of the platform; 0 takes any free one. */
  readonly port: number;
}

/** API Gateway: the HTTP and REST APIs of the templates on one loopback port, and the control API for API keys. */
export function createApiGateway(
  context: RuntimeContext,
  options: ApiGatewayOptions,
): EmulatedService & ApiGatewayApi & { readonly port: number } {
  const buckets = new TokenBuckets(context.now);
  const keys = new KeyStore(path.join(context.folder('apigateway'), 'keys.json'));
  const plans = new UsagePlans(keys, buckets, context.now);
  const registry = new ApiRegistry(context, buckets, plans);
  const dispatcher = new Dispatcher(context, registry);
  const server = new PlatformServer((request) => dispatcher.answer(request), context.now);
  const control: ControlParts = { context, keys, plans };
  const provisioners = {
    ...httpProvisioners(context, registry),
    ...restProvisioners(registry),
    ...keyProvisioners(context, keys, plans),
  };
  return {
    name: 'apigateway',
    signingNames: ['apigateway'],
    resourceTypes: Object.keys(provisioners),
    get port() {
      return server.port;
    },
    async start() {
      keys.load();
    },
    /** The port opens when all resources stand, so that nobody meets half an API. */
    async resume() {
      await server.listen(options.port);
    },
    async provision(resource: ResourceDeclaration): Promise<ProvisionedResource> {
      const provision = provisioners[resource.type];
      if (provision === undefined) throw new Error(`${resource.type} is not a type of API Gateway`);
      const provisioned = provision(resource);
      registry.changed();
      return provisioned;
    },
    async deprovision(resource: ResourceDeclaration) {
      const ref = resource.previous?.ref ?? '';
      const [keyId = '', planId = ''] = ref.split(':');
      if (resource.type === 'AWS::ApiGateway::ApiKey') keys.remove(ref);
      else if (resource.type === 'AWS::ApiGateway::UsagePlan') plans.plans.delete(ref);
      else if (resource.type === 'AWS::ApiGateway::UsagePlanKey') keys.removeFromPlan(planId, keyId);
      else registry.remove(ref);
    },
    authorize: async (request) => authorizeControl(control, request),
    handle: (request) => handleControl(control, request),
    async stop() {
      await server.close();
      keys.flush();
    },
    urls() {
      const { http, rest } = registry.runtimes();
      return Object.fromEntries([
        ...http.map(({ parts }) => [parts.api.name, context.platformUrl] as const),
        ...rest.map(({ parts }) => [parts.api.name, stageUrl(context, registry, parts.api.id)] as const),
      ]);
    },
  };
}

function stageUrl(context: RuntimeContext, registry: ApiRegistry, apiId: string): string {
  const stage = registry.stagesOf(apiId)[0]?.name ?? '';
  return `${context.platformUrl}/_aws/execute-api/${apiId}/${encodeURIComponent(stage)}`;
}
