import type { AnswerOf } from '../api/operations.ts';
import type { Polled } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { PredictForm } from './predict-form.tsx';
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
            <PredictForm project={project} columns={columns} signature={newest.signature} />
          ) : (
            <Empty>No model yet, so nothing is known of its inputs.</Empty>
          );
        }}
      </Loaded>
    </Panel>
  );
}
