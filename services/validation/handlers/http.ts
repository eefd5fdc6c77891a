import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { readReport } from '../store/documents.ts';
import { createValidationStore } from '../store/validation-store.ts';
import { readValidation } from '../use-cases/read-validation.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createValidationStore(createTable(documentClient(), TABLE_NAME));

export const handler = httpHandler([
  route(contract.readValidation, ({ params }) => readValidation({ store, readReport }, params)),
]);
