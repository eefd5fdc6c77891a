import type { SearchRecord } from '#shared/mlflow/search/entity.ts';
import { contextOf } from '../domain/dataset.ts';
import type { Experiment } from '../domain/experiment.ts';
import { numberOf, type TrackedRun } from '../domain/run.ts';

/** What a search sees of a run. Metrics and datasets are made when they are asked for: most searches ask few runs. */
export class RunRecord implements SearchRecord {
  readonly id: string;
  readonly run: TrackedRun;
  readonly attributes: SearchRecord['attributes'];
  #metrics: ReadonlyMap<string, number> | undefined;

  constructor(run: TrackedRun) {
    this.run = run;
    this.id = run.runId;
    this.attributes = {
      run_id: run.runId,
      run_name: run.name,
      user_id: run.userId,
      status: run.status,
      artifact_uri: run.artifactUri,
      start_time: run.startTime,
      end_time: run.endTime,
    };
  }

  get params(): Readonly<Record<string, string>> {
    return this.run.params;
  }

  get tags(): Readonly<Record<string, string>> {
    return this.run.tags;
  }

  get metrics(): ReadonlyMap<string, number> {
    this.#metrics ??= new Map(
      Object.entries(this.run.metrics).map(([key, latest]) => [key, numberOf(latest)]),
    );
    return this.#metrics;
  }

  get datasets(): NonNullable<SearchRecord['datasets']> {
    return this.run.datasets.map(({ name, digest, tags }) => ({
      name,
      digest,
      context: contextOf(tags),
    }));
  }
}

export const experimentRecord = (experiment: Experiment): SearchRecord => ({
  id: experiment.experimentId,
  attributes: {
    name: experiment.name,
    experiment_id: experiment.experimentId,
    creation_time: experiment.creationTime,
    last_update_time: experiment.lastUpdateTime,
  },
  tags: experiment.tags,
});
