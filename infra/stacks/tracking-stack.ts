import type { Construct } from 'constructs';
import { artifactPrefix } from '#services/registry/contract.ts';
import { endpoints } from '#services/tracking/contract.ts';
import { environment, modelEnvironment } from '#services/tracking/env.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** All of MLflow's REST API; what the registry answers has routes that say more, and API Gateway takes those first. */
const mlflowApi = ['ANY /api/{proxy+}', 'ANY /ajax-api/{proxy+}'];

/** Experiments and runs. */
export class TrackingStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'tracking');
    this.#table = new ServiceTable(this);
    this.#function('task-start-run', 'Begins the run of a training', 'GetItem', 'PutItem');
    this.#function('task-finish-run', 'Ends a run with its final metrics', 'GetItem', 'PutItem');
    this.#modelLogger();
    this.#function('query', 'Answers other services about artifacts', 'GetItem');
    const http = this.#function('http', 'Lists runs', 'GetItem');
    this.#table.grantIndexQuery(http);
    new HttpEndpoints(this, endpoints, http);

    const mlflow = this.#function('mlflow', "Answers MLflow's REST API", 'GetItem');
    new HttpEndpoints(this, [], mlflow, { protocolRoutes: mlflowApi });
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
    this.#table.grant(logger, 'GetItem');
  }

  #function(handler: string, description: string, ...actions: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grant(fn, ...actions);
    return fn;
  }
}
