import type { Construct } from 'constructs';
import { DeploymentRolledBack } from '#events/deployment.ts';
import { endpoints } from '#services/registry/contract.ts';
import { environment } from '#services/registry/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** The registry's part of MLflow's REST API, for clients and for MLflow's own web page. */
const mlflowApi = ['api', 'ajax-api'].flatMap((mount) =>
  ['registered-models', 'model-versions'].map((part) => `ANY /${mount}/2.0/mlflow/${part}/{proxy+}`),
);

/** Registered models, their versions and aliases. */
export class RegistryStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'registry');
    this.#table = new ServiceTable(this, { secondIndex: false });
    this.#function('task-register-model-version', 'Registers a trained model', 'PutItem');
    this.#function('task-move-alias', 'Moves an alias as part of a release', 'PutItem');
    const rolledBack = this.#function(
      'on-deployment-rolled-back',
      'Makes the version before champion again',
      'PutItem',
    );
    new EventSubscription(this, DeploymentRolledBack, rolledBack);
    this.#function('query', 'Answers other services about model versions');
    const http = this.#function('http', 'Lists versions and the history of aliases');
    new HttpEndpoints(this, endpoints, http);
    const mlflow = this.#function('mlflow', "Answers the registry's part of MLflow's REST API", 'PutItem');
    new HttpEndpoints(this, [], mlflow, { protocolRoutes: mlflowApi });
  }

  #function(handler: string, description: string, ...writes: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grant(fn, 'GetItem', 'Query', ...writes);
    return fn;
  }
}
