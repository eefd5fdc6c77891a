import { Duration } from 'aws-cdk-lib';
import { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import type { Construct } from 'constructs';
import { DeploymentRolledBack } from '#events/deployment.ts';
import {
  ModelAliasMoved,
  ModelVersionChanged,
  ModelVersionCreated,
  ModelVersionRegistered,
  PromptVersionCreated,
  RegisteredModelChanged,
} from '#events/registry.ts';
import {
  artifactPrefix,
  endpoints,
  manifestPrefix,
  mirroredEvents,
  quarantinedVersionsMetric,
} from '#services/registry/contract.ts';
import { contentEnvironment, environment } from '#services/registry/env.ts';
import { metricsNamespace, resourcePrefix } from '#shared/kernel/names.ts';
import { stageAlarm } from '../constructs/alarm.ts';
import { AwsEventSubscription, EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

/** The registry's part of MLflow's REST API, for clients and for MLflow's own web page. */
const mlflowApi = ['api', 'ajax-api'].flatMap((mount) =>
  ['registered-models/{proxy+}', 'model-versions/{proxy+}', 'webhooks', 'webhooks/{proxy+}'].map(
    (part) => `ANY /${mount}/2.0/mlflow/${part}`,
  ),
);

/** What MLflow's web page opens files of a version by. */
const versionFiles = 'GET /model-versions/get-artifact';

/** What webhooks may be told of. */
const webhookFacts = [
  RegisteredModelChanged,
  ModelVersionCreated,
  ModelVersionRegistered,
  PromptVersionCreated,
  ModelVersionChanged,
  ModelAliasMoved,
];

/** Registered models, their versions and aliases. */
export class RegistryStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'registry');
    this.#table = new ServiceTable(this);
    this.#function('task-register-model-version', 'Registers a trained model', 'PutItem');
    this.#function('task-move-alias', 'Moves an alias as part of a release', 'PutItem', 'UpdateItem');
    const rolledBack = this.#function(
      'on-deployment-rolled-back',
      'Makes the version before champion again',
      'PutItem',
      'UpdateItem',
    );
    new EventSubscription(this, DeploymentRolledBack, rolledBack);
    this.#contents();
    this.#function('query', 'Answers other services about model versions');
    const http = this.#function('http', 'Lists versions and the history of aliases');
    new HttpEndpoints(this, endpoints, http);
    const mlflow = this.#function(
      'mlflow',
      "Answers the registry's part of MLflow's REST API",
      'PutItem',
      'UpdateItem',
      'DeleteItem',
    ).mayQuery('tracking');
    this.#table.grantIndexQuery(mlflow);
    new HttpEndpoints(this, [], mlflow, { protocolRoutes: [...mlflowApi, versionFiles] });
    this.#webhooks();
  }

  /** Three tries of ten seconds, and the pauses between them. */
  #webhooks(): void {
    const deliver = new ServiceFunction(this, 'on-registry-change', {
      description: 'Tells webhooks of what happened in the registry',
      timeoutSeconds: 60,
      environmentSchema: environment,
    });
    this.#table.grantByKey(deliver, 'GetItem', 'Query', 'PutItem');
    new EventSubscription(this, webhookFacts, deliver);
  }

  #contents(): void {
    const created = this.#contentFunction('on-model-version-created', 'Looks at the bytes of a version')
      .allowObjects('models', manifestPrefix, ['s3:PutObject', 's3:GetObject'])
      .mayQuery('tracking');
    this.#table.grantByKey(created, 'GetItem', 'PutItem');
    new EventSubscription(this, ModelVersionCreated, created);

    const trained = this.#contentFunction(
      'on-model-version-registered',
      'Records what clients load of a trained version',
    )
      .allowObjects('models', manifestPrefix, ['s3:PutObject'])
      .mayQuery('tracking');
    this.#table.grantByKey(trained, 'GetItem', 'PutItem');
    new EventSubscription(this, ModelVersionRegistered, trained);

    const changed = this.#contentFunction(
      'on-artifact-changed',
      'Finds versions whose bytes changed',
    ).allowObjects('models', manifestPrefix, ['s3:GetObject']);
    this.#table.grantByKey(changed, 'GetItem', 'Query', 'PutItem');
    this.#onArtifacts(changed);

    const daily = this.#contentFunction('every-day', 'Compares served versions with what was registered')
      .allowObjects('models', manifestPrefix, ['s3:GetObject'])
      .mayQuery('projects');
    this.#table.grantByKey(daily, 'GetItem', 'Query', 'PutItem');
    new StageSchedule(this, { minutes: 24 * 60 }, daily);
    if (this.platform.config.alarms) this.#alarmOnQuarantine();
    if (this.platform.config.modelPackageMirror) this.#packageMirror();
  }

  #packageMirror(): void {
    const group = `${resourcePrefix(this.platform.stage)}-*`;
    const groups = this.platform.arn('sagemaker', `model-package-group/${group}`);
    const packages = this.platform.arn('sagemaker', `model-package/${group}`);
    const mirror = new ServiceFunction(this, 'on-mirrored-fact', {
      description: "Copies versions to SageMaker's Model Registry",
      environmentSchema: environment,
    })
      .allow(['sagemaker:CreateModelPackageGroup', 'sagemaker:AddTags'], [groups])
      .allow(['sagemaker:CreateModelPackage', 'sagemaker:UpdateModelPackage'], [packages]);
    this.#table.grant(mirror, 'GetItem', 'PutItem');
    new EventSubscription(this, mirroredEvents, mirror);
  }

  #onArtifacts(target: ServiceFunction): void {
    for (const detailType of ['Object Created', 'Object Deleted'])
      new AwsEventSubscription(
        this,
        {
          source: 'aws.s3',
          detailType,
          detail: {
            bucket: { name: [this.platform.bucketName('models')] },
            object: { key: [{ prefix: artifactPrefix }] },
          },
        },
        target,
      );
  }

  #alarmOnQuarantine(): void {
    stageAlarm(this, 'QuarantineAlarm', this.platform, {
      alarmName: `${resourcePrefix(this.platform.stage)}-quarantined-versions`,
      alarmDescription:
        'Bytes behind a registered model version changed, and it is in quarantine. If it serves, decide whether to roll back; the log of the registry says which version it is.',
      metric: new Metric({
        namespace: metricsNamespace(this.platform.stage),
        metricName: quarantinedVersionsMetric,
        dimensionsMap: { service: 'registry' },
        statistic: 'Sum',
        period: Duration.minutes(5),
      }),
      threshold: 1,
    });
  }

  /** Reads artifacts of clients through, which may be large. */
  #contentFunction(handler: string, description: string): ServiceFunction {
    return new ServiceFunction(this, handler, {
      description,
      timeoutSeconds: 900,
      memorySizeMb: 1024,
      environmentSchema: contentEnvironment,
    })
      .allowObjects('models', artifactPrefix, ['s3:GetObject'])
      .allowListing('models', artifactPrefix);
  }

  #function(handler: string, description: string, ...writes: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grantByKey(fn, 'GetItem', 'Query', ...writes);
    return fn;
  }
}
