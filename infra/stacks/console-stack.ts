import type { Construct } from 'constructs';
import { consoleRoutes } from '#services/console/contract.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import type { Platform } from '../platform.ts';

/** The web page. */
export class ConsoleStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'console');
    const http = new ServiceFunction(this, 'http', {
      description: 'Serves the web page',
      memorySizeMb: 256,
      timeoutSeconds: 10,
    });
    new HttpEndpoints(this, [], http, {
      publicRoutes: {
        keys: Object.values(consoleRoutes),
        reason: 'The page holds no data; what it shows comes from endpoints that ask for a token.',
      },
    });
  }
}
