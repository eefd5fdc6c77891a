import { documentClient } from '#shared/aws/clients.ts';
import { createTable } from '#shared/aws/table.ts';
import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import * as contract from '../contract.ts';
import { environment } from '../env.ts';
import { createEvaluationStore } from '../store/evaluation-store.ts';
import { createVersionEvaluationStore } from '../store/version-evaluation-store.ts';
import { readVersionEvaluation } from '../use-cases/evaluate-version.ts';
import { readEvaluation } from '../use-cases/read-evaluation.ts';

const { TABLE_NAME } = readEnvironment(environment);
const table = createTable(documentClient(), TABLE_NAME);
const store = createEvaluationStore(table);
const ofVersions = createVersionEvaluationStore(table);

export const handler = httpHandler([
  route(contract.readEvaluation, async ({ params }) => {
    const { project: _inPath, ...evaluation } = await readEvaluation(store, params);
    return evaluation;
  }),
  route(contract.readVersionEvaluation, async ({ params }) => {
    const { project: _inPath, ...evaluation } = await readVersionEvaluation(ofVersions, params);
    return evaluation;
  }),
]);
