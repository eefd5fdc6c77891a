import type { Construct } from 'constructs';
import { DatasetVersionCreated } from '#events/datasets.ts';
import { endpoints } from '#services/validation/contract.ts';
import { environment, validatorEnvironment } from '#services/validation/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ProcessingJobs } from '../constructs/processing-jobs.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** Checks of dataset versions and their reports. */
export class ValidationStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'validation');
    new ProcessingJobs(this);
    const { processingImage } = platform.config;
    const table = new ServiceTable(this, { secondIndex: false });

    const validator = new ServiceFunction(this, 'on-dataset-version-created', {
      description: 'Checks all rows of a dataset version',
      environment: processingImage ? { PROCESSING_IMAGE_URI: processingImage } : {},
      environmentSchema: validatorEnvironment,
      duckdb: true,
      memorySizeMb: 2048,
      timeoutSeconds: 900,
      // A version's objects, the database of their rows, and what is written of them.
      ephemeralStorageMb: 10_240,
    })
      .allowObjects('data', 'datasets/', ['s3:GetObject'])
      .allowObjects('data', 'validation/', ['s3:PutObject'])
      .mayQuery('projects');
    table.grant(validator, 'GetItem', 'PutItem');
    new EventSubscription(this, DatasetVersionCreated, validator);

    const http = new ServiceFunction(this, 'http', {
      description: 'Shows validation reports',
      environmentSchema: environment,
    }).allowObjects('data', 'validation/', ['s3:GetObject']);
    table.grant(http, 'GetItem');
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about validations',
      environmentSchema: environment,
    }).allowObjects('data', 'validation/', ['s3:GetObject']);
    table.grant(query, 'GetItem', 'Query');
  }
}
