import { createApiGateway } from './apigateway/index.ts';
import { createCloudWatch } from './cloudwatch/index.ts';
import { createDynamoDb } from './dynamodb/index.ts';
import { createEcr } from './ecr/index.ts';
import type { EmulatedService, RuntimeContext } from './emulated-service.ts';
import { createEvents } from './events/index.ts';
import { createIam } from './iam/index.ts';
import { createLambda } from './lambda/index.ts';
import { createLogs } from './logs/index.ts';
import { createS3 } from './s3/index.ts';
import { createSageMaker } from './sagemaker/index.ts';
import { createScheduler } from './scheduler/index.ts';
import { createSqsSns } from './sqs/index.ts';
import { createStates } from './states/index.ts';
import { createSts } from './sts/index.ts';

/** The emulated services, by the names under which the context knows them. */
export type Parts = ReturnType<typeof createParts>;

/**
 * Creates every part. They find each other through the context when they need them, so creation has no order; they start in the order
 * written here and stop in reverse: first those that begin work, then functions, then those that hold state.
 */
export function createParts(context: RuntimeContext, options: { readonly platformPort: number }) {
  return {
    iam: createIam(context),
    sts: createSts(context),
    logs: createLogs(context),
    cloudwatch: createCloudWatch(context),
    dynamodb: createDynamoDb(context),
    s3: createS3(context),
    sqsSns: createSqsSns(context),
    lambda: createLambda(context),
    states: createStates(context),
    events: createEvents(context),
    scheduler: createScheduler(context),
    ecr: createEcr(context),
    sagemaker: createSageMaker(context),
    apigateway: createApiGateway(context, { port: options.platformPort }),
  };
}

/** All parts in the order in which they start; stopped in reverse. */
export function servicesOf(parts: Parts): readonly EmulatedService[] {
  return Object.values(parts);
}
