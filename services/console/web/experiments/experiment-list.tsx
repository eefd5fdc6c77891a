import { searchExperiments } from '../api/mlflow.ts';
import { useListed } from '../api/use-listed.ts';
import { FindForm } from '../parts/find-form.tsx';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf, goTo } from '../routes.ts';
import { Instant } from '../runs/run-cell.tsx';
import { countText } from '../text/format.ts';

/** Tag that says which project an experiment belongs to, where its name does not. */
const projectTag = 'millrace.project';

/** Experiments that the caller may see. */
export function ExperimentList({ view }: { view: string }) {
  const part = new URLSearchParams(view).get('name') ?? '';
  const experiments = useListed(
    (api, pageToken, signal) => searchExperiments(api, { part, pageToken }, signal),
    part,
  );
  const { items, isComplete, failure } = experiments;
  return (
    <>
      <h1>Experiments</h1>
      <FindForm
        label="Name"
        value={part}
        onFind={(name) => goTo(addressOf.experiments(name && `${new URLSearchParams({ name })}`))}
      />
      <Panel
        title="All experiments"
        aside={
          items && (
            <span class="muted">
              {countText(items.length, 'experiment')}
              {!isComplete && ' so far'}
            </span>
          )
        }
      >
        {failure && <FailureNotice failure={failure} doing="Reading the experiments" />}
        {!items && !failure && <Empty>Reading the experiments …</Empty>}
        {items?.length === 0 && (
          <Empty>
            {part
              ? `No experiment's name holds '${part}'.`
              : 'No experiment yet. Any MLflow client can make one: mlflow.set_experiment("wine/first").'}
          </Empty>
        )}
        {items && items.length > 0 && (
          <Table
            caption="Experiments, newest first"
            rows={items}
            keyOf={({ experimentId }) => experimentId}
            columns={[
              {
                title: 'Name',
                cell: ({ experimentId, name }) => <a href={addressOf.experiment(experimentId)}>{name}</a>,
                wide: true,
              },
              { title: 'Project', cell: (experiment) => experiment.tags.get(projectTag) ?? '' },
              { title: 'Made', cell: ({ createdMs }) => <Instant ms={createdMs} /> },
              { title: 'Changed', cell: ({ updatedMs }) => <Instant ms={updatedMs} /> },
              { title: 'Id', cell: ({ experimentId }) => <code>{experimentId}</code> },
            ]}
          />
        )}
        {!isComplete && items && (
          <button type="button" onClick={experiments.more}>
            More
          </button>
        )}
      </Panel>
    </>
  );
}
