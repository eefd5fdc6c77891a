import * as z from 'zod';
import { defineMlflowRoute } from '#shared/mlflow/route.ts';

const service = 'tracking' as const;

/** Removing for good, which MLflow's own API lacks (mlflow/mlflow#22725). */
export const purgeRun = defineMlflowRoute({
  service,
  name: 'purgeRun',
  method: 'POST',
  path: '/mlflow/runs/purge',
  role: 'admin',
  message: z.object({ run_id: z.string().min(1) }),
});

export const purgeExperiment = defineMlflowRoute({
  service,
  name: 'purgeExperiment',
  method: 'POST',
  path: '/mlflow/experiments/purge',
  role: 'admin',
  message: z.object({ experiment_id: z.string().min(1) }),
});

export const purgeRoutes = [purgeRun, purgeExperiment];
