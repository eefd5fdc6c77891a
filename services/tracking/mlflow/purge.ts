import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import type { Erasures } from '../ports/erasure.ts';
import type { CoreDeps } from '../use-cases/deps.ts';
import { purgeExperiment, purgeRun } from '../use-cases/purge.ts';
import * as routes from './routes/purge.ts';

/** Removes runs and experiments for good; an answer that is not finished asks for the same call again. */
export function purgeRoutes(deps: CoreDeps & { readonly erasures: Erasures }): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.purgeRun, ({ message, caller }) => purgeRun(deps, caller, message.run_id)),
    bindMlflow(routes.purgeExperiment, ({ message, caller }) =>
      purgeExperiment(deps, caller, message.experiment_id),
    ),
  ];
}
