import { missingParameter } from '#shared/mlflow/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { assertRunId } from '../domain/limits.ts';
import type { DatasetStore } from '../ports/dataset-store.ts';
import type { CoreDeps } from '../use-cases/deps.ts';
import { logInputs, logModel, logOutputs } from '../use-cases/run-inputs.ts';
import { searchDatasets } from '../use-cases/search-datasets.ts';
import * as routes from './routes/inputs.ts';

/** What runs read and made. */
export function inputRoutes(deps: CoreDeps & { readonly datasets: DatasetStore }): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.logInputs, async ({ message, caller }) => {
      assertRunId(message.run_id);
      const datasets = message.datasets.map(({ dataset: { source_type: sourceType, ...dataset }, tags }) => {
        const { schema, profile, ...rest } = dataset;
        return {
          dataset: {
            ...rest,
            sourceType,
            ...(schema === undefined ? {} : { schema }),
            ...(profile === undefined ? {} : { profile }),
          },
          tags,
        };
      });
      const modelIds = message.models.map(({ model_id: id }) => id);
      await logInputs(deps, caller, message.run_id, { datasets, modelIds });
      return {};
    }),
    bindMlflow(routes.logOutputs, async ({ message, caller }) => {
      if (message.models.length === 0) throw missingParameter('models');
      const models = message.models.map(({ model_id: modelId, step }) => ({ modelId, step }));
      await logOutputs(deps, caller, message.run_id, models);
      return {};
    }),
    bindMlflow(routes.logModel, async ({ message, caller }) => {
      await logModel(deps, caller, message.run_id, message.model_json);
      return {};
    }),
    bindMlflow(routes.searchDatasets, async ({ message, caller }) => {
      const summaries = await searchDatasets(deps, caller, message.experiment_ids);
      if (summaries.length === 0) return {};
      return {
        dataset_summaries: summaries.map(({ experimentId, ...summary }) => ({
          experiment_id: experimentId,
          ...summary,
        })),
      };
    }),
  ];
}
