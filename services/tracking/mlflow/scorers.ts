import { AppError } from '#shared/kernel/errors.ts';
import { type BoundMlflowRoute, bindMlflow } from '#shared/mlflow/handler.ts';
import { versionOf } from '../domain/scorer.ts';
import * as useCases from '../use-cases/scorers.ts';
import * as routes from './routes/scorers.ts';

/** Scorers that judge the answers of models, by experiment and with versions. */
export function scorerRoutes(deps: useCases.ScorerDeps): BoundMlflowRoute[] {
  return [
    bindMlflow(routes.registerScorer, async ({ message, caller }) => {
      const { scorer, version } = await useCases.registerScorer(deps, caller, {
        experimentId: message.experiment_id,
        name: message.name,
        serialized: message.serialized_scorer,
      });
      return {
        version: version.version,
        scorer_id: scorer.scorerId,
        experiment_id: scorer.experimentId,
        name: scorer.name,
        serialized_scorer: version.serialized,
        creation_time: version.createdAtMs,
      };
    }),
    bindMlflow(routes.listScorers, async ({ message, caller }) => {
      const { experiment_id, experiment_ids } = message;
      if (experiment_id && experiment_ids.length > 0) throw bothSent();
      const scorers = experiment_id
        ? await useCases.listScorersOf(deps, caller, experiment_id)
        : await useCases.listScorers(deps, caller, experiment_ids.length > 0 ? experiment_ids : undefined);
      return { scorers: scorers.map(scorerOnWire) };
    }),
    bindMlflow(routes.listScorerVersions, async ({ message, caller }) => {
      const scorer = await useCases.readScorer(deps, caller, message.experiment_id, message.name);
      return { scorers: scorer.versions.map((version) => scorerOnWire({ scorer, version })) };
    }),
    bindMlflow(routes.getScorer, async ({ message, caller }) => {
      const scorer = await useCases.readScorer(deps, caller, message.experiment_id, message.name);
      return { scorer: scorerOnWire({ scorer, version: versionOf(scorer, message.version ?? undefined) }) };
    }),
    bindMlflow(routes.deleteScorer, async ({ message, caller }) => {
      const { experiment_id, name, version } = message;
      await useCases.deleteScorer(deps, caller, experiment_id, name, version ?? undefined);
      return {};
    }),
    // Clients run scorers; the platform runs none by itself, so that none has a configuration for it.
    bindMlflow(routes.getOnlineScoringConfigs, async () => ({ configs: [] })),
  ];
}

const maxInt32 = 2_147_483_647;

/** MLflow's message has 32 bits for the id of the experiment: a longer one, which clients could not read, is left out. */
const scorerOnWire = ({ scorer, version }: useCases.VersionedScorer) => ({
  ...(Number(scorer.experimentId) <= maxInt32 ? { experiment_id: Number(scorer.experimentId) } : {}),
  scorer_name: scorer.name,
  scorer_version: version.version,
  serialized_scorer: version.serialized,
  creation_time: version.createdAtMs,
  scorer_id: scorer.scorerId,
});

const bothSent = (): AppError =>
  new AppError(
    'invalid_input',
    'InvalidParameter',
    "Cannot specify both 'experiment_id' and 'experiment_ids'. Use 'experiment_ids' to scope the query to multiple experiments, or 'experiment_id' to scope it to a single experiment.",
  );
