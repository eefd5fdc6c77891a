import type { Construct } from 'constructs';
import { DatasetDiffRequested, DatasetErasureRequested } from '#events/datasets.ts';
import { TrainingSetBuilt } from '#events/feature-store.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { endpoints, incomingPrefix } from '#services/datasets/contract.ts';
import {
  comparerEnvironment,
  eraserEnvironment,
  httpEnvironment,
  queryEnvironment,
  receiverEnvironment,
  storedEnvironment,
} from '#services/datasets/env.ts';
import { AwsEventSubscription, EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

/** As much as the receiver of uploads has: an object and the database of its rows. */
const heavyWork = { duckdb: true, memorySizeMb: 2048, timeoutSeconds: 900, ephemeralStorageMb: 8192 };
const changingVersions = ['GetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem', 'ConditionCheckItem'];

/** Uploads and the versions that they become. */
export class DatasetsStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'datasets');
    const table = new ServiceTable(this, { secondIndex: false });
    this.#receiver(table);

    const http = new ServiceFunction(this, 'http', {
      description: 'Gives upload addresses, and shows, compares, tags and erases versions',
      environmentSchema: httpEnvironment,
    })
      .allowObjects('uploads', incomingPrefix, ['s3:PutObject', 's3:ListMultipartUploadParts'])
      .allowObjects('data', 'datasets/', ['s3:GetObject'])
      .allowObjects('data', 'datasets/*/erasures/', ['s3:PutObject', 's3:DeleteObjectVersion'])
      .allowListing('data', 'datasets/', ['versions'])
      .mayQuery('projects');
    table.grant(http, 'GetItem', 'Query', 'PutItem', 'DeleteItem', 'ConditionCheckItem');
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about dataset versions',
      environmentSchema: queryEnvironment,
    });
    table.grant(query, 'GetItem');
    this.#versions(table);
    this.#uses(table);
  }

  /** What compares versions, and what takes content of them away. */
  #versions(table: ServiceTable): void {
    const comparer = new ServiceFunction(this, 'on-dataset-diff-requested', {
      description: 'Compares the rows of two versions',
      environmentSchema: comparerEnvironment,
      ...heavyWork,
    })
      .allowObjects('data', 'datasets/', ['s3:GetObject'])
      .allowObjects('data', 'datasets/*/diffs/', ['s3:PutObject'])
      .mayQuery('projects');
    table.grant(comparer, 'GetItem', 'PutItem');
    new EventSubscription(this, DatasetDiffRequested, comparer);

    const eraser = new ServiceFunction(this, 'on-dataset-erasure-requested', {
      description: 'Erases the rows of data subjects from all versions',
      environmentSchema: eraserEnvironment,
      ...heavyWork,
    })
      .allowObjects('data', 'datasets/', ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'])
      .allowListing('data', 'datasets/', ['versions'])
      .allowObjects('uploads', incomingPrefix, ['s3:GetObject', 's3:DeleteObjectVersion'])
      .allowListing('uploads', incomingPrefix, ['keys', 'versions']);
    table.grant(eraser, ...changingVersions);
    new EventSubscription(this, DatasetErasureRequested, eraser);

    const keeper = new ServiceFunction(this, 'every-day', {
      description: 'Removes the content of versions that retention does not keep',
      environmentSchema: storedEnvironment,
      memorySizeMb: 1024,
      timeoutSeconds: 900,
    })
      .allowObjects('data', 'datasets/', ['s3:GetObject', 's3:DeleteObjectVersion'])
      .allowObjects('data', 'datasets/*/removals/', ['s3:PutObject'])
      .allowListing('data', 'datasets/', ['versions'])
      .mayQuery('projects');
    table.grant(keeper, ...changingVersions);
    new StageSchedule(this, { minutes: 1440 }, keeper);
  }

  /** What was made of versions. */
  #uses(table: ServiceTable): void {
    const built = new ServiceFunction(this, 'on-training-set-built', {
      description: 'Remembers which versions something was trained on',
      environmentSchema: queryEnvironment,
    });
    table.grant(built, 'GetItem', 'PutItem');
    new EventSubscription(this, TrainingSetBuilt, built);
    const registered = new ServiceFunction(this, 'on-model-version-registered', {
      description: 'Remembers which models know the rows of a version',
      environmentSchema: queryEnvironment,
    });
    table.grant(registered, 'GetItem', 'PutItem');
    new EventSubscription(this, ModelVersionRegistered, registered);
  }

  #versionMaker(table: ServiceTable, handler: string, description: string): ServiceFunction {
    const maker = new ServiceFunction(this, handler, {
      description,
      environmentSchema: receiverEnvironment,
      duckdb: true,
      memorySizeMb: 2048,
      timeoutSeconds: 900,
      // The largest upload is 5 GB, and may lie there compressed too; DuckDB may spill besides.
      ephemeralStorageMb: 10_240,
    })
      .allowObjects('uploads', incomingPrefix, ['s3:GetObjectVersion'])
      // The versions of a folder's files, and uploads that no event told of.
      .allowListing('uploads', incomingPrefix, ['keys', 'versions'])
      .allowObjects('data', 'datasets/', ['s3:GetObject', 's3:PutObject'])
      .mayQuery('projects');
    table.grant(maker, 'GetItem', 'PutItem', 'ConditionCheckItem');
    return maker;
  }

  #receiver(table: ServiceTable): void {
    const hourly = this.#versionMaker(table, 'every-hour', 'Finds uploads whose events were lost');
    new StageSchedule(this, { minutes: 60 }, hourly);
    const receiver = this.#versionMaker(table, 'on-object-created', 'Makes versions of uploads');
    new AwsEventSubscription(
      this,
      {
        source: 'aws.s3',
        detailType: 'Object Created',
        detail: {
          bucket: { name: [this.platform.bucketName('uploads')] },
          object: { key: [{ prefix: incomingPrefix }] },
        },
      },
      receiver,
    );
  }
}
