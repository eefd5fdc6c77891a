import type { Construct } from 'constructs';
import { endpoints, incomingPrefix } from '#services/datasets/contract.ts';
import { httpEnvironment, queryEnvironment, receiverEnvironment } from '#services/datasets/env.ts';
import { AwsEventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

/** Uploads and the versions that they become. */
export class DatasetsStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'datasets');
    const table = new ServiceTable(this, { secondIndex: false });
    this.#receiver(table);

    const http = new ServiceFunction(this, 'http', {
      description: 'Gives upload addresses and lists uploads and versions',
      environmentSchema: httpEnvironment,
    })
      .allowObjects('uploads', incomingPrefix, ['s3:PutObject', 's3:ListMultipartUploadParts'])
      .mayQuery('projects');
    table.grant(http, 'GetItem', 'Query', 'PutItem');
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about dataset versions',
      environmentSchema: queryEnvironment,
    });
    table.grant(query, 'GetItem');
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
      .allowListing('uploads', incomingPrefix, { versions: true })
      .allowObjects('data', 'datasets/', ['s3:GetObject', 's3:PutObject'])
      .mayQuery('projects');
    table.grant(maker, 'GetItem', 'PutItem');
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
