import type { AnswerOf } from '../api/operations.ts';
import { type Polled, usePolled } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { type ModelSignature, PredictForm } from './predict-form.tsx';
import type { ColumnRules } from './prediction-field.tsx';

interface PredictPanelProps {
  readonly project: string;
  readonly columns: ColumnRules;
  readonly versions: Polled<AnswerOf<'listModelVersions'>>;
}

/** One row by hand, by the inputs of the newest version that was trained: those that clients registered take the same. */
export function PredictPanel({ project, columns, versions }: PredictPanelProps) {
  return (
    <Panel title="Predict one row">
      <Loaded polled={versions} doing="Reading the model’s inputs">
        {({ items }) => {
          const newest = items.find((version) => version.origin === 'training');
          return newest ? (
            <FormOf
              key={newest.modelVersion}
              project={project}
              columns={columns}
              signature={newest.signature}
            />
          ) : (
            <Empty>No model yet, so nothing is known of its inputs.</Empty>
          );
        }}
      </Loaded>
    </Panel>
  );
}

interface FormOfProps {
  readonly project: string;
  readonly columns: ColumnRules;
  readonly signature: ModelSignature;
}

/** A version of a feature service never changes. */
const onceMs = 86_400_000;

function FormOf({ signature, ...form }: FormOfProps) {
  const pinned = signature.featureService;
  return pinned ? (
    <FormByKeys {...form} signature={signature} pinned={pinned} />
  ) : (
    <PredictForm {...form} signature={signature} />
  );
}

function FormByKeys({
  pinned: { service, version },
  ...form
}: FormOfProps & { readonly pinned: NonNullable<ModelSignature['featureService']> }) {
  const { project } = form;
  const polled = usePolled(
    (client, signal) =>
      client.call('readFeatureService', { params: { project, service }, query: { version }, signal }),
    () => onceMs,
  );
  return (
    <Loaded polled={polled} doing="Reading the model’s feature service">
      {({ featureService }) => <PredictForm {...form} service={featureService} />}
    </Loaded>
  );
}
