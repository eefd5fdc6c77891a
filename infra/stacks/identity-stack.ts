import type { Construct } from 'constructs';
import { endpoints } from '#services/identity/contract.ts';
import { authorizerEnvironment, issuerEnvironment, settlerEnvironment } from '#services/identity/env.ts';
import type { StageConfig } from '../config.ts';
import { AuthorizerPermissions, allowMakingApiKeys, allowRemovingApiKeys } from '../constructs/authorizer.ts';
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
      environment: authorizerSettings(platform.config),
    });
    table.grant(authorizer, 'GetItem');
    new AuthorizerPermissions(this, authorizer);

    const http = new ServiceFunction(this, 'http', {
      description: 'Issues, lists and ends tokens',
      environmentSchema: issuerEnvironment,
    });
    table.grant(http, 'GetItem', 'PutItem', 'DeleteItem');
    table.grantIndexQuery(http);
    allowMakingApiKeys(platform, http);
    allowRemovingApiKeys(platform, http);
    new HttpEndpoints(this, endpoints, http);

    const first = new ServiceFunction(this, 'task-issue-first-token', {
      description: 'Issues the first admin token of a stage, once',
      environmentSchema: issuerEnvironment,
    });
    table.grant(first, 'PutItem');
    table.grantIndexQuery(first);
    allowMakingApiKeys(platform, first);

    const settle = new ServiceFunction(this, 'every-hour', {
      description: 'Finishes what broke off and ends tokens that expired',
      environmentSchema: settlerEnvironment,
    });
    table.grant(settle, 'PutItem', 'DeleteItem');
    table.grantIndexQuery(settle);
    allowRemovingApiKeys(platform, settle);
    new StageSchedule(this, { minutes: 60 }, settle);
  }
}

/** Who may come without a token, and whose tokens count besides our own. */
const authorizerSettings = ({ anonymousIdentity, signIn }: StageConfig): Record<string, string> => ({
  ...(anonymousIdentity ? { ANONYMOUS_IDENTITY: 'local' } : {}),
  ...(signIn ? { SIGN_IN: JSON.stringify(signIn) } : {}),
});
