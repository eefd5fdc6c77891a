import type { Construct } from 'constructs';
import { endpoints } from '#services/evaluation/contract.ts';
import { environment, evaluationEnvironment } from '#services/evaluation/env.ts';
import { HttpEndpoints } from '../constructs/http-endpoints.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { ServiceStack } from '../constructs/service-stack.ts';
import { ServiceTable } from '../constructs/service-table.ts';
import type { Platform } from '../platform.ts';

/** What was found about trained models on held-out rows. */
export class EvaluationStack extends ServiceStack {
  constructor(scope: Construct, platform: Platform) {
    super(scope, platform, 'evaluation');
    const table = new ServiceTable(this, { secondIndex: false });

    for (const [handler, description] of [
      ['task-evaluate-model', 'Metrics, champion comparison and gates'],
      ['task-evaluate-version', "The same of a client's version, in its release"],
    ] as const) {
      const evaluate = new ServiceFunction(this, handler, {
        description,
        environmentSchema: evaluationEnvironment,
        memorySizeMb: 2048,
        timeoutSeconds: 300,
      })
        .mayQuery('projects')
        .allowObjects('data', 'feature-store/', ['s3:GetObject'])
        .allowObjects('data', 'transform/', ['s3:GetObject'])
        .allowObjects('data', 'evaluations/', ['s3:PutObject']);
      table.grant(evaluate, 'GetItem', 'PutItem');
    }

    const http = new ServiceFunction(this, 'http', {
      description: 'Shows evaluations',
      environmentSchema: environment,
    });
    table.grant(http, 'GetItem', 'Query');
    new HttpEndpoints(this, endpoints, http);
  }
}
