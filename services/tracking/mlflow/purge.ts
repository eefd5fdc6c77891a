import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { type PurgeDeps, purgeExperiment, purgeRun } from '../use-cases/purge.ts';
import * as routes from './routes/purge.ts';

/** Removes runs and experiments for good; an answer that is not finished asks for the same call again. */
export function purgeRoutes(deps: PurgeDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.purgeRun, ({ message, caller }) => purgeRun(deps, caller, message.run_id)),
    bindMlflow(routes.purgeExperiment, ({ message, caller }) =>
      purgeExperiment(deps, caller, message.experiment_id),
    ),
  ];
}
