import { readEnvironment } from '#shared/lambda/environment.ts';
import { httpHandler, route } from '#shared/lambda/http.ts';
import { listTrainings, requestTraining as requestTrainingEndpoint } from '../contract.ts';
import { environment } from '../env.ts';
import { listTrainingsOf } from '../use-cases/list-trainings.ts';
import { requestTraining } from '../use-cases/request-training.ts';
import { governorDeps } from './governor.ts';

const deps = governorDeps(readEnvironment(environment));

export const handler = httpHandler([
  route(requestTrainingEndpoint, ({ params, body, caller }) =>
    requestTraining(deps, {
      project: params.project,
      trigger: 'Manual',
      reasons: [body.reason],
      origin: { actor: { type: 'user', id: caller.id } },
    }),
  ),
  route(listTrainings, ({ params, query }) => listTrainingsOf(deps, params.project, query.pageToken)),
]);
