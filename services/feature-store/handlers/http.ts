import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler } from '#shared/lambda/http.ts';
import { httpEnvironment } from '../env.ts';
import { materializationDeps } from './materialization.ts';
import { materializationRoutes } from './routes/materialization.ts';

const materialization = materializationDeps(readEnvironment(httpEnvironment));

export const handler = httpHandler([...materializationRoutes(materialization)]);
