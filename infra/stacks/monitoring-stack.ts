import type { Construct } from 'constructs';
import { DriftEvaluated } from '#events/monitoring.ts';
import { GroundTruthReceived, PredictionBatchCaptured } from '#events/predictions.ts';
import { ModelVersionRegistered, ModelVersionRegisteredV2 } from '#events/registry.ts';
import { endpoints } from '#services/monitoring/contract.ts';
import { monitoringEnvironment } from '#services/monitoring/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

/** What monitoring keeps lies here in the data bucket. */
const ownPrefix = 'monitoring/';

/** References, windows over captures, drift and performance. */
export class MonitoringStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'monitoring');
    this.#table = new ServiceTable(this, { secondIndex: false });
    this.#references();
    this.#windows();
    this.#labels();
  }

  #references(): void {
    const registered = this.#function(
      'on-model-version-registered',
      'Profiles what a version was trained on',
      {
        timeoutSeconds: 300,
        ephemeralStorageMb: 2048,
      },
    )
      .allowObjects('data', 'feature-store/', ['s3:GetObject'])
      .allowObjects('data', 'transform/', ['s3:GetObject'])
      .allowObjects('data', ownPrefix, ['s3:PutObject']);
    this.#table.grant(registered, 'PutItem');
    new EventSubscription(this, ModelVersionRegistered, registered);

    const byClient = this.#function(
      'on-model-version-registered-v2',
      "Profiles what a client's version is compared with",
      { timeoutSeconds: 300, ephemeralStorageMb: 2048 },
    )
      .allowObjects('data', 'feature-store/', ['s3:GetObject'])
      .allowObjects('data', ownPrefix, ['s3:PutObject'])
      .mayQuery('feature-store');
    this.#table.grant(byClient, 'PutItem');
    new EventSubscription(this, ModelVersionRegisteredV2, byClient);
  }

  #windows(): void {
    const batches = this.#closer('on-prediction-batch-captured', 'Fills windows and judges full ones', 300);
    batches.mayQuery('projects');
    new EventSubscription(this, PredictionBatchCaptured, batches);

    const hourly = this.#closer('every-hour', 'Judges windows that no batch closes', 600);
    hourly.mayQuery('projects');
    new StageSchedule(this, { minutes: 60 }, hourly);

    new HttpEndpoints(this, endpoints, this.#closer('http', 'The API of monitoring', 29));
  }

  #labels(): void {
    for (const [handler, event, description, reads] of [
      [
        'on-ground-truth-received',
        GroundTruthReceived,
        'Joins labels to windows and measures performance',
        ['Query'],
      ],
      [
        'on-drift-evaluated',
        DriftEvaluated,
        'Joins the labels that came while a window was open',
        ['GetItem', 'Query'],
      ],
    ] as const) {
      const joiner = this.#function(handler, description, { timeoutSeconds: 120 })
        .allowObjects('captures', 'ground-truth/', ['s3:GetObject'])
        .allowObjects('data', ownPrefix, ['s3:GetObject', 's3:PutObject'])
        .mayQuery('projects');
      this.#table.grant(joiner, ...reads, 'PutItem');
      new EventSubscription(this, event, joiner);
    }
  }

  /** A function that closes windows. */
  #closer(handler: string, description: string, timeoutSeconds: number): ServiceFunction {
    const fn = this.#function(handler, description, { timeoutSeconds })
      .allowObjects('captures', 'predictions/', ['s3:GetObject'])
      .allowObjects('data', ownPrefix, ['s3:GetObject', 's3:PutObject']);
    this.#table.grant(fn, 'GetItem', 'Query', 'PutItem', 'DeleteItem');
    return fn;
  }

  #function(
    handler: string,
    description: string,
    size: { timeoutSeconds: number; ephemeralStorageMb?: number },
  ): ServiceFunction {
    return new ServiceFunction(this, handler, {
      description,
      memorySizeMb: 1024,
      environmentSchema: monitoringEnvironment,
      ...size,
    });
  }
}
