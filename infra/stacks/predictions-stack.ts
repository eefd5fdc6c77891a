import type { Construct } from 'constructs';
import { FeatureErasureRequested } from '#events/feature-store.ts';
import { endpoints } from '#services/predictions/contract.ts';
import { captureEnvironment, predictionEnvironment, servingEnvironment } from '#services/predictions/env.ts';
import { resourcePrefix, tableName } from '#shared/kernel/names.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { allowReadingGroups } from '../constructs/feature-store/sagemaker-groups.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** Captures wait at most so long for company before they become a file. */
const captureWindowSeconds = 2;

/** Reads a file, writes it again, and removes what it was. */
const erasing = ['s3:GetObject', 's3:PutObject', 's3:DeleteObjectVersion'];

/** The prediction API, captures and ground truth. */
export class PredictionsStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'predictions');
    const table = new ServiceTable(this, { secondIndex: false });

    const http = new ServiceFunction(this, 'http', {
      description: 'Predicts, and takes ground truth',
      environment: {
        DEPLOYMENT_TABLE_NAME: tableName(platform.stage, 'deployment'),
        FEATURE_STORE_TABLE_NAME: tableName(platform.stage, 'feature-store'),
      },
      environmentSchema: servingEnvironment,
      memorySizeMb: 1024,
    })
      .allow(
        ['sagemaker:InvokeEndpoint'],
        [platform.arn('sagemaker', `endpoint/${resourcePrefix(platform.stage)}-*`)],
      )
      .allow(['dynamodb:GetItem'], [platform.tableArn('deployment')], leadingKeys('ROUTING#*'))
      .allow(
        ['dynamodb:GetItem', 'dynamodb:BatchGetItem'],
        [platform.tableArn('feature-store')],
        leadingKeys('ONLINE#*', 'SERVICE#*'),
      );
    allowReadingGroups(this, http);
    table.grant(http, 'PutItem');
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services’ questions',
      environmentSchema: predictionEnvironment,
    });
    table.grant(query, 'GetItem');

    const writer = new ServiceFunction(this, 'write-captures', {
      description: 'Makes files of captured predictions and labels',
      environmentSchema: captureEnvironment,
      timeoutSeconds: 120,
      memorySizeMb: 1024,
    })
      .allowObjects('captures', 'predictions/', erasing)
      .allowListing('captures', 'predictions/', ['versions'])
      .allowObjects('captures', 'ground-truth/', ['s3:PutObject']);
    table.grant(writer, 'GetItem', 'Query', 'PutItem', 'BatchWriteItem');
    table.streamNewItems(writer, {
      id: 'Captures',
      keyPrefixes: ['PREDICTION#', 'LABELS#'],
      batchSize: 500,
      windowSeconds: captureWindowSeconds,
    });
    this.#eraser(table);
  }

  #eraser(table: ServiceTable): void {
    const eraser = new ServiceFunction(this, 'on-feature-erasure-requested', {
      description: 'Erases captured predictions of entities',
      environmentSchema: captureEnvironment,
      timeoutSeconds: 900,
      memorySizeMb: 1024,
    })
      .allowObjects('captures', 'predictions/', erasing)
      .allowListing('captures', 'predictions/', ['keys', 'versions'])
      .allowObjects('captures', 'erasures/', ['s3:PutObject']);
    table.grant(eraser, 'GetItem', 'Query', 'PutItem', 'BatchWriteItem');
    new EventSubscription(this, FeatureErasureRequested, eraser);
  }
}

/** Items whose partition keys are like these, and no others. */
const leadingKeys = (...patterns: readonly string[]) => ({
  conditions: {
    // ForAllValues alone is also true for a request without keys.
    'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': patterns },
    Null: { 'dynamodb:LeadingKeys': 'false' },
  },
});
