import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { readEvaluation as endpoint } from '../contract.ts';
import { environment } from '../env.ts';
import { createEvaluationStore } from '../store/evaluation-store.ts';
import { readEvaluation } from '../use-cases/read-evaluation.ts';

const { TABLE_NAME } = readEnvironment(environment);
const store = createEvaluationStore(createTable(documentClient(), TABLE_NAME));

export const handler = httpHandler([
  route(endpoint, async ({ params }) => {
    const { project: _inPath, ...evaluation } = await readEvaluation(store, params);
    return evaluation;
  }),
]);
