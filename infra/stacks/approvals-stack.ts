import type { Construct } from 'constructs';
import { ApprovalDecided } from '#events/approvals.ts';
import { ReleaseRejected } from '#events/deployment.ts';
import { endpoints } from '#services/approvals/contract.ts';
import { environment } from '#services/approvals/env.ts';
import { EventSubscription } from '../constructs/event-subscription.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** People's decisions on releases. */
export class ApprovalsStack extends ServiceStack {
  readonly #table: ServiceTable;

  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'approvals');
    this.#table = new ServiceTable(this);
    const release = platform.stateMachineArn('release');
    const answers = ['states:SendTaskSuccess', 'states:SendTaskFailure'];

    this.#function('task-request-approval', 'Opens an approval request', 'GetItem', 'PutItem').allow(
      answers,
      [release],
    );
    this.#function('task-expire-approval', 'Closes what nobody decided in time', 'GetItem', 'PutItem');
    const decided = this.#function('on-approval-decided', 'Answers the release that waits', 'GetItem').allow(
      answers,
      [release],
    );
    new EventSubscription(this, ApprovalDecided, decided);
    const ended = this.#function(
      'on-release-rejected',
      'Closes what nobody decides any more',
      'GetItem',
      'PutItem',
    );
    new EventSubscription(this, ReleaseRejected, ended);
    const http = this.#function('http', 'Lists requests and takes decisions', 'GetItem', 'PutItem');
    this.#table.grantIndexQuery(http);
    new HttpEndpoints(this, endpoints, http);
  }

  #function(handler: string, description: string, ...actions: readonly string[]): ServiceFunction {
    const fn = new ServiceFunction(this, handler, { description, environmentSchema: environment });
    this.#table.grant(fn, ...actions);
    return fn;
  }
}
