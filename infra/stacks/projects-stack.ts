import type { Construct } from 'constructs';
import { ContractApproved } from '#events/validation.ts';
import { endpoints } from '#services/projects/contract.ts';
import { environment } from '#services/projects/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** The declared projects and their revisions. */
export class ProjectsStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'projects');
    const table = new ServiceTable(this);

    const http = new ServiceFunction(this, 'http', {
      description: 'Applies and lists projects',
      environmentSchema: environment,
    });
    table.grant(http, 'GetItem', 'PutItem');
    table.grantIndexQuery(http);
    new HttpEndpoints(this, endpoints, http);

    const onContractApproved = new ServiceFunction(this, 'on-contract-approved', {
      description: 'Gives a project the contract that a person approved',
      environmentSchema: environment,
    }).allowObjects('data', 'validation/', ['s3:GetObject']);
    table.grant(onContractApproved, 'GetItem', 'PutItem');
    new EventSubscription(this, ContractApproved, onContractApproved);

    const query = new ServiceFunction(this, 'query', {
      description: 'Answers other services about projects',
      environmentSchema: environment,
    });
    table.grant(query, 'GetItem');
    table.grantIndexQuery(query);
  }
}
