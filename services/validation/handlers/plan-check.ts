import { s3Client } from '#shared/aws/objects.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { callHandler } from '#shared/lambda/event.ts';
import { planEnvironment } from '../env.ts';
import { createCopies } from '../store/copies.ts';
import { advanceChecks } from '../use-cases/advance-checks.ts';
import { versionToCheck } from '../use-cases/check-calls.ts';
import { jobDeps } from './composition.ts';

const env = readEnvironment(planEnvironment);
const deps = {
  ...jobDeps(env),
  copies: createCopies(s3Client(), env.DATA_BUCKET),
  stage: env.MILLRACE_STAGE,
  functionMaxBytes: env.FUNCTION_CHECK_MAX_BYTES,
};

export const handler = callHandler(versionToCheck, (version) => advanceChecks(deps, version));
