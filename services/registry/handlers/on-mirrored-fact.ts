import { SageMakerClient } from '@aws-sdk/client-sagemaker';
import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { awsEventHandler } from '#shared/lambda/event.ts';
import { environment } from '../env.ts';
import { createPackageMirror } from '../store/package-mirror.ts';
import { createPackageStore } from '../store/package-store.ts';
import { mirrorFact } from '../use-cases/mirror-version.ts';

const { TABLE_NAME, MILLRACE_STAGE } = readEnvironment(environment);
const deps = {
  mirror: createPackageMirror(new SageMakerClient({}), MILLRACE_STAGE),
  packages: createPackageStore(createTable(documentClient(), TABLE_NAME)),
};

/** Copies what happens to versions to SageMaker's Model Registry, where the stage says so. */
export const handler = awsEventHandler(
  (detail) => detail as DomainEvent['detail'],
  (detail, { source, 'detail-type': detailType }) => mirrorFact(deps, { source, detailType, detail }),
);
