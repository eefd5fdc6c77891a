import { Aws } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { endpoints } from '#services/identity/contract.ts';
import { authorizerEnvironment, issuerEnvironment } from '#services/identity/env.ts';
import { AuthorizerPermissions, allowApiKeys } from '../constructs/authorizer.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import { StageSchedule } from '../constructs/stage-schedule.ts';
import type { Platform } from '../platform.ts';

/** API tokens, and the authorizer of both APIs. */
export class IdentityStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'identity');
    const table = new ServiceTable(this, { outbox: false });

    const authorizer = new ServiceFunction(this, 'authorizer', {
      description: 'Says who calls, for both APIs',
      environmentSchema: authorizerEnvironment,
      ...(platform.config.anonymousIdentity ? { environment: { ANONYMOUS_IDENTITY: 'local' } } : {}),
    });
    table.grant(authorizer, 'GetItem');
    new AuthorizerPermissions(platform, authorizer);

    const http = this.#issuer('http', 'Issues, lists and ends tokens');
    table.grant(http, 'GetItem', 'Query', 'PutItem', 'DeleteItem');
    this.#allowFindingKeys(http);
    new HttpEndpoints(this, endpoints, http);

    const first = this.#issuer('task-issue-first-token', 'Issues the first admin token of a stage, once');
    table.grant(first, 'Query', 'PutItem');

    const settle = this.#issuer('every-hour', 'Finishes what broke off and ends tokens that expired');
    table.grant(settle, 'Query', 'PutItem', 'DeleteItem');
    this.#allowFindingKeys(settle);
    new StageSchedule(this, { minutes: 60 }, settle);
  }

  #issuer(handler: string, description: string): ServiceFunction {
    const issuer = new ServiceFunction(this, handler, { description, environmentSchema: issuerEnvironment });
    allowApiKeys(this.platform, issuer);
    return issuer;
  }

  /** A key whose id was not written down any more is found by its token's id. */
  #allowFindingKeys(fn: ServiceFunction): void {
    const region = this.platform.environment.region ?? Aws.REGION;
    fn.allow(['apigateway:GET'], [`arn:${this.platform.partition}:apigateway:${region}::/apikeys`]);
  }
}
