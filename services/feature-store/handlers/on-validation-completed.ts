import { ValidationCompleted } from '#events/validation.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { eventHandler } from '#shared/lambda/event.ts';
import { queryEnvironment } from '../env.ts';
import { requestAfterValidation } from '../use-cases/request-after-validation.ts';
import { materializationDeps } from './materialization.ts';

const deps = materializationDeps(readEnvironment(queryEnvironment));

export const handler = eventHandler(ValidationCompleted, ({ detail }) =>
  requestAfterValidation(deps, detail),
);
