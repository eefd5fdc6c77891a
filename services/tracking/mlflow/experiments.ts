import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import {
  deleteExperimentTag,
  moveExperiment,
  renameExperiment,
  setExperimentTag,
} from '../use-cases/change-experiment.ts';
import type { CoreDeps } from '../use-cases/deps.ts';
import { createExperiment, readExperiment, readExperimentByName } from '../use-cases/experiments.ts';
import { searchExperiments } from '../use-cases/search-experiments.ts';
import { experimentMessage, listMessage } from './entities.ts';
import * as routes from './routes/experiments.ts';

export function experimentRoutes(deps: CoreDeps): BoundMlflowRoute[] {
  return [
    ...[routes.searchExperiments, routes.searchExperimentsByQuery].map((route) =>
      bindMlflow(route, async ({ message, caller }) => {
        const page = await searchExperiments(deps, caller, {
          filter: message.filter,
          viewType: message.view_type,
          maxResults: message.max_results,
          orderBy: message.order_by,
          pageToken: message.page_token,
        });
        return listMessage('experiments', page, experimentMessage);
      }),
    ),
    bindMlflow(routes.createExperiment, async ({ message, caller }) => {
      const { name, artifact_location: artifactLocation, tags } = message;
      return { experiment_id: await createExperiment(deps, caller, { name, artifactLocation, tags }) };
    }),
    bindMlflow(routes.getExperiment, async ({ message, caller }) => {
      const { experiment } = await readExperiment(deps, caller, message.experiment_id);
      return { experiment: experimentMessage(experiment) };
    }),
    bindMlflow(routes.getExperimentByName, async ({ message, caller }) => ({
      experiment: experimentMessage(await readExperimentByName(deps, caller, message.experiment_name)),
    })),
    bindMlflow(routes.updateExperiment, async ({ message, caller }) => {
      await renameExperiment(deps, caller, message.experiment_id, message.new_name);
      return {};
    }),
    bindMlflow(routes.deleteExperiment, async ({ message, caller }) => {
      await moveExperiment(deps, caller, message.experiment_id, 'deleted');
      return {};
    }),
    bindMlflow(routes.restoreExperiment, async ({ message, caller }) => {
      await moveExperiment(deps, caller, message.experiment_id, 'active');
      return {};
    }),
    bindMlflow(routes.setExperimentTag, async ({ message, caller }) => {
      await setExperimentTag(deps, caller, message.experiment_id, message);
      return {};
    }),
    bindMlflow(routes.deleteExperimentTag, async ({ message, caller }) => {
      await deleteExperimentTag(deps, caller, message.experiment_id, message.key);
      return {};
    }),
  ];
}
