import { FeatureSkewCheckRequested } from '#events/feature-store.ts';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { builderEnvironment } from '../env.ts';
import { createSkewComparer } from '../store/skew-comparer.ts';
import { checkSkew } from '../use-cases/check-skew.ts';
import { openViewFiles } from './open-view-files.ts';
import { oversightDeps } from './oversight.ts';

const env = readEnvironment(builderEnvironment);
const shared = oversightDeps(env);
const deps = {
  ...shared,
  comparer: createSkewComparer({
    captureFiles: shared.captureFiles,
    viewFiles: openViewFiles(env.MILLRACE_STAGE, createTable(documentClient(), env.TABLE_NAME)),
    functionMemoryMb: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
  }),
};

export const handler = eventHandler(FeatureSkewCheckRequested, ({ detail }) => checkSkew(deps, detail));
