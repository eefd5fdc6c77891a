import type { Construct } from 'constructs';
import { ModelVersionCreated, ModelVersionRegistered } from '#events/registry.ts';
import { artifactPrefix } from '#services/registry/contract.ts';
import { endpoints } from '#services/tracking/contract.ts';
import { environment, mlflowEnvironment, modelEnvironment } from '#services/tracking/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** All of MLflow's REST API, and spans by OTLP; what the registry answers has routes that say more, and API Gateway takes those first. */
const mlflowApi = ['ANY /api/{proxy+}', 'ANY /ajax-api/{proxy+}', 'GET /get-artifact', 'POST /v1/traces'];

const publicMlflowRoutes = {
  keys: ['GET /health', 'GET /version'],
  reason:
    "MLflow's clients and load balancers ask both before anybody signs in; they tell that the server answers, and the version of MLflow's API, which is in the documentation.",
};

/** Experiments and runs. */
export class TrackingStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'tracking');
    this.#table = new ServiceTable(this);
    this.#function('task-start-run', 'Begins the run of a training', 'GetItem', 'PutItem');
    this.#function(
      'task-finish-run',
      'Ends a run with its final metrics',
      'GetItem',
      'BatchGetItem',
      'PutItem',
      'DeleteItem',
    );
    this.#modelLogger();
    this.#function('query', 'Answers other services about artifacts', 'GetItem', 'BatchGetItem');
    const http = this.#function('http', 'Lists runs', 'GetItem', 'BatchGetItem');
    this.#table.grantIndexQuery(http);
    new HttpEndpoints(this, endpoints, http);

    this.#mlflow();
    const created = this.#function(
      'on-model-version-created',
      'Seals the artifacts that a model version was made from',
      'GetItem',
      'PutItem',
    );
    new EventSubscription(this, ModelVersionCreated, created);
    const trained = this.#function(
      'on-model-version-registered',
      'Seals what clients load of a version that a training registered',
      'GetItem',
      'PutItem',
    );
    new EventSubscription(this, ModelVersionRegistered, trained);
  }

  #mlflow(): void {
    const mlflow = new ServiceFunction(this, 'mlflow', {
      description: "Answers MLflow's REST API",
      environmentSchema: mlflowEnvironment,
    });
    this.#table.grant(mlflow, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'DeleteItem', 'BatchWriteItem');
    mlflow
      .allowObjects('models', artifactPrefix, [
        's3:GetObject',
        's3:PutObject',
        's3:DeleteObject',
        's3:DeleteObjectVersion',
        's3:AbortMultipartUpload',
      ])
      .allowListing('models', artifactPrefix, ['keys', 'versions']);
    new HttpEndpoints(this, [], mlflow, { protocolRoutes: mlflowApi, publicRoutes: publicMlflowRoutes });
  }

  #modelLogger(): void {
    const logger = new ServiceFunction(this, 'task-log-model', {
      description: 'Writes a trained model for MLflow clients',
      environmentSchema: modelEnvironment,
      memorySizeMb: 1024,
      timeoutSeconds: 600,
      // The archive and the model.
      ephemeralStorageMb: 2048,
    })
      .allowObjects('models', 'training/', ['s3:GetObject'])
      .allowObjects('models', artifactPrefix, ['s3:PutObject']);
    this.#table.grant(logger, 'GetItem', 'BatchGetItem');
  }

  #function(handler: string, description: string, ...actions: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grant(fn, ...actions);
    return fn;
  }
}
