import { copyLoggedModels } from './copy-logged-models.ts';
import { copyRegistry } from './copy-registry.ts';
import { copyExperiment } from './copy-runs.ts';
import type { Experiment } from './messages.ts';
import { MlflowRefusal } from './mlflow-server.ts';
import type { Transfer } from './transfer.ts';

const experimentsPerPage = 200;

/** What of a server is copied. */
export interface CopyScope {
  /** Names of experiments; all where none is named. */
  readonly experiments: readonly string[];
  readonly models: boolean;
}

/**
 * Copies experiments, runs with whole histories, artifacts, logged models, registered models, versions and aliases from one server
 * to another, skipping what the journal knows. Deleted things stay where they are.
 */
export async function copyServer(transfer: Transfer, { experiments, models }: CopyScope): Promise<void> {
  for await (const experiment of experimentsOf(transfer)) {
    if (experiments.length > 0 && !experiments.includes(experiment.name)) continue;
    const experimentId = await copyExperiment(transfer, experiment);
    await copyLoggedModels(transfer, experiment.experiment_id, experimentId);
    await reportTraces(transfer, experiment);
  }
  if (models) await copyRegistry(transfer);
}

function experimentsOf({ source }: Transfer): AsyncGenerator<Experiment> {
  return source.pages<Experiment>(async (pageToken) => {
    const page = await source.send<{ experiments?: Experiment[]; next_page_token?: string }>(
      'POST',
      'experiments/search',
      {
        max_results: experimentsPerPage,
        order_by: ['creation_time ASC'],
        ...(pageToken === undefined ? {} : { page_token: pageToken }),
      },
    );
    return { items: page.experiments ?? [], pageToken: page.next_page_token };
  });
}

/** Traces are not carried; where there are some, that is said. */
async function reportTraces(
  { source, report }: Transfer,
  { experiment_id: id, name }: Experiment,
): Promise<void> {
  try {
    const { traces = [] } = await source.ask<{ traces?: unknown[] }>(
      'POST',
      '/api/3.0/mlflow/traces/search',
      {
        locations: [{ type: 'MLFLOW_EXPERIMENT', mlflow_experiment: { experiment_id: id } }],
        max_results: 1,
      },
    );
    if (traces.length > 0) report.leave(`traces of ${name}`, 'traces are not copied');
  } catch (error) {
    if (!(error instanceof MlflowRefusal)) throw error;
  }
}
