import type { RuntimeContext } from '../emulated-service.ts';
import { HttpApiRuntime } from './http-api-runtime.ts';
import type {
  GatewayResponseOverride,
  HttpApi,
  HttpAuthorizer,
  HttpIntegration,
  HttpRoute,
  RequestValidator,
  RestApi,
  RestAuthorizer,
  RestMethod,
  RestResource,
  Stage,
} from './model.ts';
import type { BodySchema } from './request-validation.ts';
import { RestApiRuntime } from './rest-api-runtime.ts';
import type { TokenBuckets } from './token-buckets.ts';
import type { UsagePlans } from './usage-plans.ts';

/** All that the templates declare of APIs, by id. Whoever changes a map calls `changed`. */
export class ApiRegistry {
  readonly httpApis = new Map<string, HttpApi>();
  readonly httpRoutes = new Map<string, HttpRoute>();
  readonly httpIntegrations = new Map<string, HttpIntegration>();
  readonly httpAuthorizers = new Map<string, HttpAuthorizer>();
  readonly restApis = new Map<string, RestApi>();
  readonly restResources = new Map<string, RestResource>();
  readonly restMethods = new Map<string, RestMethod>();
  readonly restAuthorizers = new Map<string, RestAuthorizer>();
  readonly validators = new Map<string, RequestValidator>();
  /** By `<apiId> <model name>`. */
  readonly models = new Map<string, BodySchema>();
  /** By `<apiId> <response type>`. */
  readonly overrides = new Map<string, GatewayResponseOverride>();
  /** By `<apiId> <stage name>`. */
  readonly stages = new Map<string, Stage>();
  readonly #context: RuntimeContext;
  readonly #buckets: TokenBuckets;
  readonly #plans: UsagePlans;
  #runtimes: Runtimes | undefined;

  constructor(context: RuntimeContext, buckets: TokenBuckets, plans: UsagePlans) {
    this.#context = context;
    this.#buckets = buckets;
    this.#plans = plans;
  }

  /** Forgets the routing tables made so far; the next request makes new ones. */
  changed(): void {
    this.#runtimes = undefined;
  }

  /** Removes a part that the templates no longer have. Stages go with their API. */
  remove(id: string): void {
    const parts = [
      this.httpApis,
      this.httpRoutes,
      this.httpIntegrations,
      this.httpAuthorizers,
      this.restApis,
      this.restResources,
      this.restMethods,
      this.restAuthorizers,
      this.validators,
    ];
    for (const part of parts) part.delete(id);
    this.changed();
  }

  /** The APIs ready to answer. */
  runtimes(): Runtimes {
    this.#runtimes ??= {
      http: [...this.httpApis.values()].map((api) => this.#httpRuntime(api)),
      rest: [...this.restApis.values()].map((api) => this.#restRuntime(api)),
    };
    return this.#runtimes;
  }

  stagesOf(apiId: string): readonly Stage[] {
    return [...this.stages.values()].filter((stage) => stage.apiId === apiId);
  }

  #httpRuntime(api: HttpApi): HttpApiRuntime {
    const routes = [...this.httpRoutes.values()].filter(({ apiId }) => apiId === api.id);
    const parts = { api, routes, integrations: this.httpIntegrations, authorizers: this.httpAuthorizers };
    return new HttpApiRuntime(this.#context, parts, this.#buckets);
  }

  #restRuntime(api: RestApi): RestApiRuntime {
    const parts = {
      api,
      resources: [...this.restResources.values()].filter(({ apiId }) => apiId === api.id),
      methods: [...this.restMethods.values()].filter(({ apiId }) => apiId === api.id),
      authorizers: this.restAuthorizers,
      validators: this.validators,
      models: withoutPrefix(this.models, `${api.id} `),
      overrides: withoutPrefix(this.overrides, `${api.id} `),
    };
    return new RestApiRuntime(this.#context, parts, this.#buckets, this.#plans);
  }
}

/** The answering side of all APIs. */
export interface Runtimes {
  readonly http: readonly HttpApiRuntime[];
  readonly rest: readonly RestApiRuntime[];
}

function withoutPrefix<Value>(map: ReadonlyMap<string, Value>, prefix: string): Map<string, Value> {
  const own = [...map].filter(([name]) => name.startsWith(prefix));
  return new Map(own.map(([name, value]) => [name.slice(prefix.length), value]));
}
