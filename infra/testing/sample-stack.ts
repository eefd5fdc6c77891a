import type { Construct } from 'constructs';
import * as z from 'zod';
import { defineTask } from '#shared/contracts/call.ts';
import { defineEndpoint } from '#shared/contracts/endpoint.ts';
import { defineEvent } from '#shared/contracts/event.ts';
import { AuthorizerPermissions, allowMakingApiKeys, allowRemovingApiKeys } from '../constructs/authorizer.ts';
import {
  AwsEventSubscription,
  EventSubscription,
  EverythingSubscription,
} from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { invokeTask } from '../constructs/invoke-task.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceStateMachine } from '../constructs/service-state-machine.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

const endpoint = (method: 'GET' | 'POST', path: string, api: 'platform' | 'prediction') =>
  defineEndpoint({
    service: 'datasets',
    operationId: `${method}${path}`,
    summary: 'A sample',
    method,
    path,
    api,
    role: 'viewer',
    params: z.object({}),
    query: z.object({}),
    body: z.undefined(),
    response: z.object({}),
  });

const event = (service: 'datasets' | 'projects', name: string) =>
  defineEvent({ service, name, version: 1, description: 'A sample', data: z.object({}) });

const task = (name: string, waits: boolean) =>
  defineTask({
    service: 'datasets',
    name,
    waits,
    description: 'A sample',
    input: z.object({}),
    output: z.object({}),
  });

const sample = {
  created: event('datasets', 'SampleCreated'),
  removed: event('datasets', 'SampleRemoved'),
  applied: event('projects', 'SampleApplied'),
  build: task('build', false),
  decide: task('decide', true),
  read: endpoint('GET', '/v1/samples/{sample}', 'platform'),
  predict: endpoint('POST', '/v1/projects/{project}/predictions', 'prediction'),
};

/** A service that uses every construct once, for tests of the constructs. */
export class SampleStack extends ServiceStack {
  readonly table: ServiceTable;
  readonly http: ServiceFunction;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'datasets');
    this.table = new ServiceTable(this);
    this.http = new ServiceFunction(this, 'http', {
      description: 'A sample API',
      environmentSchema: z.object({ TABLE_NAME: z.string(), DATA_BUCKET: z.string() }),
    });
    this.table.grantReadWrite(this.http);
    this.http
      .mayQuery('projects')
      .allowObjects('data', 'samples/', ['s3:GetObject'])
      .allowListing('data', 'samples/');
    new HttpEndpoints(this, [sample.read, sample.predict], this.http, {
      publicRoutes: { keys: ['GET /'], reason: 'A page that holds no data.' },
    });
    new AuthorizerPermissions(this, this.http);
    allowMakingApiKeys(platform, this.http);
    allowRemovingApiKeys(platform, this.http);
    this.#consumers(platform);
    new StageSchedule(
      this,
      { minutes: 5 },
      new ServiceFunction(this, 'every-five-minutes', { description: 'A sample' }),
    );
    new ServiceStateMachine(this, 'training', {
      definition: {
        Comment: 'A sample',
        StartAt: 'Build',
        States: {
          Build: invokeTask(platform, sample.build, {
            input: { a: '{% $states.input.a %}' },
            timeoutSeconds: 60,
            next: 'Decide',
          }),
          Decide: invokeTask(platform, sample.decide, { input: {}, timeoutSeconds: 3600, retryOn: ['Busy'] }),
        },
      },
      tasks: [sample.build, sample.decide],
      timeoutSeconds: 7200,
    });
  }

  #consumers(platform: Platform): void {
    const onEvents = new ServiceFunction(this, 'on-events', { description: 'A sample', duckdb: true });
    new EventSubscription(this, [sample.created, sample.removed, sample.applied], onEvents);
    const onObject = new ServiceFunction(this, 'on-object-created', { description: 'A sample' });
    const bucket = { name: [platform.bucketName('uploads')] };
    new AwsEventSubscription(
      this,
      { source: 'aws.s3', detailType: 'Object Created', detail: { bucket } },
      onObject,
    );
    const onEverything = new ServiceFunction(this, 'on-everything', { description: 'A sample' });
    new EverythingSubscription(this, onEverything);
  }
}
