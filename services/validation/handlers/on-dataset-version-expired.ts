import { DatasetVersionExpired } from '#events/datasets.ts';
import { s3Client } from '#shared/aws/objects.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { documentEnvironment } from '../env.ts';
import { createCopies } from '../store/copies.ts';
import { dropExpired } from '../use-cases/drop-expired.ts';
import { outcomeDeps } from './composition.ts';

const env = readEnvironment(documentEnvironment);
const deps = { ...outcomeDeps(env), copies: createCopies(s3Client(), env.DATA_BUCKET) };

export const handler = eventHandler(DatasetVersionExpired, ({ detail }) => dropExpired(deps, detail.data));
