import type { Construct } from 'constructs';
import { endpoints } from '#services/governance/contract.ts';
import { governanceEnvironment, governanceHttpEnvironment } from '#services/governance/env.ts';
import { EverythingSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** The audit chain, journeys and the lineage graph. */
export class GovernanceStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'governance');
    const table = new ServiceTable(this, { outbox: false });

    const auditor = new ServiceFunction(this, 'on-any-event', {
      description: 'Appends every fact to its project’s chain',
      environmentSchema: governanceEnvironment,
      timeoutSeconds: 60,
    });
    table.grant(auditor, 'GetItem', 'BatchGetItem', 'PutItem');
    new EverythingSubscription(this, auditor);

    const http = new ServiceFunction(this, 'http', {
      description: 'The API of governance',
      environmentSchema: governanceHttpEnvironment,
      // Their names alone: it may read no object.
      buckets: ['data', 'models', 'captures'],
    }).mayQuery('predictions');
    table.grant(http, 'GetItem', 'BatchGetItem', 'Query');
    new HttpEndpoints(this, endpoints, http);
  }
}
