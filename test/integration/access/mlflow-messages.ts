import { evaluationQuestions } from './mlflow-evaluation-messages.ts';
import type { MlflowQuestion, MlflowQuestions } from './mlflow-question.ts';
import { registryQuestions } from './mlflow-registry-messages.ts';
import { runQuestions } from './mlflow-run-messages.ts';
import { traceQuestions } from './mlflow-trace-messages.ts';

const nothing: MlflowQuestion = { message: () => ({}) };

/** What each route is asked, by its name. A new route needs a question here, or its test fails and says so. */
export const mlflowQuestions: MlflowQuestions = {
  health: nothing,
  version: nothing,
  serverInfo: nothing,
  ...runQuestions,
  ...registryQuestions,
  ...evaluationQuestions,
  ...traceQuestions,
};
