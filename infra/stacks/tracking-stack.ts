import type { Construct } from 'constructs';
import { endpoints } from '#services/tracking/contract.ts';
import { environment, mlflowEnvironment } from '#services/tracking/env.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** All of MLflow's REST API; what the registry answers has routes that say more, and API Gateway takes those first. */
const mlflowApi = ['ANY /api/{proxy+}', 'ANY /ajax-api/{proxy+}'];

/** Below `mlflow/` of the models bucket, where no other role may write. */
const artifactPrefix = 'mlflow/';

/** Experiments and runs. */
export class TrackingStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'tracking');
    this.#table = new ServiceTable(this);
    this.#function('task-start-run', 'Begins the run of a training', 'GetItem', 'BatchGetItem', 'PutItem');
    this.#function(
      'task-finish-run',
      'Ends a run with its final metrics',
      'GetItem',
      'BatchGetItem',
      'PutItem',
      'DeleteItem',
    );
    const http = this.#function('http', 'Lists runs', 'GetItem', 'BatchGetItem');
    this.#table.grantIndexQuery(http);
    new HttpEndpoints(this, endpoints, http);

    this.#mlflow();
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
      ])
      .allowListing('models', artifactPrefix, { versions: true });
    new HttpEndpoints(this, [], mlflow, { protocolRoutes: mlflowApi });
  }

  #function(handler: string, description: string, ...actions: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grant(fn, ...actions);
    return fn;
  }
}
