import type { Construct } from 'constructs';
import { buildTrainingSet, endpoints } from '#services/feature-store/contract.ts';
import { builderEnvironment, httpEnvironment, queryEnvironment } from '#services/feature-store/env.ts';
import { featureDefinitions } from '../constructs/feature-store/definitions.ts';
import { addHistorical } from '../constructs/feature-store/historical.ts';
import { addMaterialization } from '../constructs/feature-store/materialization.ts';
import { addOversight, allowOversight } from '../constructs/feature-store/oversight.ts';
import { addRecords } from '../constructs/feature-store/records.ts';
import { allowReadingGroups, SagemakerGroups } from '../constructs/feature-store/sagemaker-groups.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** Feature definitions, online values, materialization, historical retrieval, skew and freshness, training sets. */
export class FeatureStoreStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'feature-store');
    const table = new ServiceTable(this);

    featureDefinitions(this, table);

    const builder = new ServiceFunction(this, buildTrainingSet.handler, {
      description: 'Builds point-in-time correct, split training sets',
      environmentSchema: builderEnvironment,
      duckdb: true,
      memorySizeMb: 2048,
      timeoutSeconds: 900,
      // The validated rows, the database of them, and the parts.
      ephemeralStorageMb: 10_240,
    })
      .allowObjects('data', 'validation/', ['s3:GetObject'])
      .allowObjects('data', 'feature-store/', ['s3:PutObject', 's3:GetObject'])
      .allowObjects('captures', 'predictions/', ['s3:GetObject'])
      .mayQuery('projects', 'datasets', 'validation');
    table.grantByKey(builder, 'GetItem', 'PutItem', 'Query');

    const http = new ServiceFunction(this, 'http', {
      description: 'Answers about features, reads and takes online values',
      environmentSchema: httpEnvironment,
      memorySizeMb: 1024,
    });
    table.grantByKey(http, 'GetItem', 'BatchGetItem', 'Query', 'PutItem', 'UpdateItem', 'DeleteItem');
    allowOversight(http);
    allowReadingGroups(this, http);
    addHistorical(this, table, http);
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about training sets',
      environmentSchema: queryEnvironment,
    });
    table.grant(query, 'GetItem');
    const groups = new SagemakerGroups(this);
    addMaterialization(this, table, groups);
    addOversight(this, table, groups);
    addRecords(this, table);
  }
}
