import type { Construct } from 'constructs';
import { DatasetErasureCompleted, DatasetVersionCreated, DatasetVersionExpired } from '#events/datasets.ts';
import { DeploymentCompleted, DeploymentRolledBack } from '#events/deployment.ts';
import { ProjectApplied } from '#events/projects.ts';
import { ModelVersionRegistered } from '#events/registry.ts';
import { endpoints } from '#services/validation/contract.ts';
import {
  checkFunctions,
  documentEnvironment,
  environment,
  jobEnvironment,
  planEnvironment,
  quarantineEnvironment,
  rowEnvironment,
} from '#services/validation/env.ts';
import type { EventDefinition } from '#shared/contracts/event.ts';
import { resourcePrefix } from '#shared/kernel/names.ts';
import { AwsEventSubscription, EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ProcessingJobs } from '../constructs/processing-jobs.ts';
import { ProcessingRepository } from '../constructs/processing-repository.ts';
import { ServiceFunction, type ServiceFunctionOptions } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

const prefix = 'validation/';

/** Checks of dataset versions: planned by size, run by functions or Processing jobs; reports, quarantine, suggested contracts. */
export class ValidationStack extends ServiceStack {
  readonly #table: ServiceTable;
  readonly #jobs: ProcessingJobs;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'validation');
    this.#table = new ServiceTable(this);
    this.#jobs = new ProcessingJobs(this, 'validation', {
      // Plans, manifests, and rows of other versions that a job compares with are below validation's own prefix.
      read: { data: ['datasets/*', `${prefix}*`] },
      written: [`${prefix}*`],
    });
    new ProcessingRepository(this, this.#jobs);
    this.#requests();
    this.#plan();
    this.#checkRows();
    this.#settleJobs();
    this.#expired();
    this.#consumers();
    this.#answers();
  }

  /** Facts that ask for checks. */
  #requests(): void {
    const created = this.#on(DatasetVersionCreated, 'on-dataset-version-created', {
      description: 'Asks for the check of a new dataset version',
      environmentSchema: environment,
    });
    const erased = this.#on(DatasetErasureCompleted, 'on-dataset-erasure-completed', {
      description: 'Asks for checks of versions whose rows were erased',
      environmentSchema: environment,
      timeoutSeconds: 300,
    });
    const applied = this.#on(ProjectApplied, 'on-project-applied', {
      description: 'Asks for checks of data that waited for another contract',
      environmentSchema: environment,
    }).mayQuery('projects');
    for (const fn of [created, erased, applied]) {
      this.#table.grantByKey(fn, 'PutItem');
      this.#mayWake(fn);
    }
    this.#table.grantByKey(erased, 'GetItem');
    this.#table.grantByKey(applied, 'GetItem', 'Query');
  }

  #plan(): void {
    const plan = new ServiceFunction(this, 'plan-check', {
      description: 'Gathers what a check needs and sets a function or a job to it',
      environment: { FUNCTION_CHECK_MAX_BYTES: String(this.platform.config.functionCheckMaxBytes) },
      environmentSchema: planEnvironment,
      timeoutSeconds: 300,
    })
      .allowObjects('data', 'datasets/', ['s3:GetObject'])
      .mayQuery('datasets')
      .allow(
        ['lambda:InvokeFunction'],
        Object.keys(checkFunctions).map((handler) => this.platform.functionArn('validation', handler)),
      );
    this.#endsChecks(plan);
    this.#deletesCopies(plan);
    this.#jobs.allowStarting(plan);
    plan.deadLetterAsynchronousFailures();
  }

  #checkRows(): void {
    for (const [handler, { memoryMb, diskMb }] of Object.entries(checkFunctions)) {
      const fn = new ServiceFunction(this, handler, {
        description: `Checks all rows of a dataset version, with ${memoryMb} MB`,
        environmentSchema: rowEnvironment,
        duckdb: true,
        memorySizeMb: memoryMb,
        timeoutSeconds: 900,
        ephemeralStorageMb: diskMb,
      }).allowObjects('data', 'datasets/', ['s3:GetObject']);
      this.#endsChecks(fn);
      this.#mayWake(fn);
      fn.deadLetterAsynchronousFailures();
    }
  }

  /** The end of a job, as SageMaker tells of it or as the hourly round finds it. */
  #settleJobs(): void {
    const options = { environmentSchema: jobEnvironment, timeoutSeconds: 300 };
    const watcher = new ServiceFunction(this, 'on-processing-job-changed', {
      description: 'Publishes what a Processing job found',
      ...options,
    });
    const reconciler = new ServiceFunction(this, 'every-hour', {
      description: 'Repairs checks that lost events or dead functions left behind',
      ...options,
    });
    for (const fn of [watcher, reconciler]) {
      this.#endsChecks(fn);
      this.#mayWake(fn);
    }
    this.#jobs.allowWatching(watcher);
    this.#jobs.allowWatching(reconciler, { stopping: true });
    this.#table.grantIndexQuery(reconciler);
    new StageSchedule(this, { minutes: 60 }, reconciler);
    const detail = { ProcessingJobName: [{ prefix: `${resourcePrefix(this.platform.stage)}-` }] };
    const detailType = 'SageMaker Processing Job State Change';
    new AwsEventSubscription(this, { source: 'aws.sagemaker', detailType, detail }, watcher);
  }

  #expired(): void {
    const expired = this.#on(DatasetVersionExpired, 'on-dataset-version-expired', {
      description: 'Deletes the rows kept of versions whose content is gone',
      environmentSchema: documentEnvironment,
      timeoutSeconds: 300,
    }).allowObjects('data', prefix, ['s3:GetObject']);
    this.#table.grantByKey(expired, 'GetItem', 'Query', 'UpdateItem');
    this.#deletesCopies(expired);
  }

  /** What depends on a project's columns. */
  #consumers(): void {
    const noted: readonly [EventDefinition, string][] = [
      [ModelVersionRegistered, 'on-model-version-registered'],
      [DeploymentCompleted, 'on-deployment-completed'],
      [DeploymentRolledBack, 'on-deployment-rolled-back'],
    ];
    for (const [event, handler] of noted) {
      const description = 'Remembers model versions and which of them serve';
      const fn = this.#on(event, handler, { description, environmentSchema: environment });
      this.#table.grantByKey(fn, 'PutItem', ...(event === ModelVersionRegistered ? [] : ['GetItem']));
    }
  }

  #answers(): void {
    const rows = new ServiceFunction(this, 'read-quarantine', {
      description: 'Reads pages of quarantine files',
      environmentSchema: quarantineEnvironment,
      duckdb: true,
      memorySizeMb: 1769,
      ephemeralStorageMb: 4096,
    }).allowObjects('data', prefix, ['s3:GetObject']);

    const http = new ServiceFunction(this, 'http', {
      description: 'Shows reports, profiles, quarantine and suggested contracts, and takes decisions on them',
      environmentSchema: documentEnvironment,
    })
      .allowObjects('data', prefix, ['s3:GetObject', 's3:PutObject'])
      .allowObjects('data', 'datasets/', ['s3:GetObject'])
      .allow(['lambda:InvokeFunction'], [rows.functionArn])
      .mayQuery('projects', 'datasets');
    this.#table.grantByKey(http, 'GetItem', 'Query', 'PutItem');
    this.#mayWake(http);
    new HttpEndpoints(this, endpoints, http);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about validations',
      environmentSchema: documentEnvironment,
    }).allowObjects('data', prefix, ['s3:GetObject']);
    this.#table.grantByKey(query, 'GetItem', 'Query');
  }

  #on(event: EventDefinition, handler: string, options: ServiceFunctionOptions): ServiceFunction {
    const fn = new ServiceFunction(this, handler, options);
    new EventSubscription(this, event, fn);
    return fn;
  }

  #mayWake(fn: ServiceFunction): void {
    fn.allow(['lambda:InvokeFunction'], [this.platform.functionArn('validation', 'plan-check')]);
  }

  /** Publishes outcomes: writes reports, changes checks, and asks whether a contract came meanwhile. */
  #endsChecks(fn: ServiceFunction): void {
    fn.allowObjects('data', prefix, ['s3:GetObject', 's3:PutObject']).mayQuery('projects');
    this.#table.grantByKey(fn, 'GetItem', 'Query', 'PutItem', 'DeleteItem');
  }

  #deletesCopies(fn: ServiceFunction): void {
    fn.allowObjects('data', prefix, ['s3:DeleteObjectVersion']).allowListing('data', prefix, ['versions']);
  }
}
