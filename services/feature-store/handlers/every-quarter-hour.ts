import { readEnvironment } from '#shared/lambda/environment.ts';
import { scheduleHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { lookAtMaterializers } from '../use-cases/look-at-materializers.ts';
import { materializationDeps } from './materialization.ts';

const deps = materializationDeps(readEnvironment(queryEnvironment));

export const handler = scheduleHandler(() => lookAtMaterializers(deps));
