import { readEnvironment } from '#shared/lambda/environment.ts';
import { answer, queryHandler } from '#shared/lambda/task.ts';
import * as contract from '../contract.ts';
import { documentEnvironment } from '../env.ts';
import { readValidation } from '../use-cases/read-validation.ts';
import { readingAgain } from '../use-cases/reading-again.ts';
import { outcomeDeps } from './composition.ts';

const deps = outcomeDeps(readEnvironment(documentEnvironment));

export const handler = queryHandler([
  answer(contract.getValidation, (input) => readingAgain(() => readValidation(deps, input))),
]);
