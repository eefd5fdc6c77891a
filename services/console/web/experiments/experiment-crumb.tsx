import { readExperiment } from '../api/mlflow.ts';
import { usePolled } from '../api/use-api.ts';
import { addressOf } from '../routes.ts';

const periodMs = 300_000;

/** The way back to an experiment, by its name. `view`: how its table is looked at. */
export function ExperimentCrumb({ experimentId, view }: { experimentId: string; view?: string }) {
  const experiment = usePolled(
    (api, signal) => readExperiment(api, experimentId, signal),
    () => periodMs,
  );
  return (
    <>
      {' / '}
      <a href={addressOf.experiment(experimentId, view)}>{experiment.value?.name ?? experimentId}</a>
    </>
  );
}
