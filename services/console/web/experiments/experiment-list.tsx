import { searchExperiments } from '../api/mlflow.ts';
import { usePolled } from '../api/use-api.ts';
import { useListed } from '../api/use-listed.ts';
import { FindForm } from '../parts/find-form.tsx';
import { Empty, FailureNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf, goTo } from '../routes.ts';
import { Instant } from '../runs/run-cell.tsx';
import { countText } from '../text/format.ts';
import { projectOf } from './experiment-project.ts';

/** Experiments that the caller may see. */
export function ExperimentList({ view }: { view: string }) {
  const part = new URLSearchParams(view).get('name') ?? '';
  const experiments = useListed(
    (api, pageToken, signal) => searchExperiments(api, { part, pageToken }, signal),
    part,
  );
  const { items, isComplete, failure } = experiments;
  const declared = usePolled(
    (api, signal) => api.call('listProjects', { params: {}, signal }),
    () => 300_000,
  );
  const projects = new Set(declared.value?.items.map(({ project }) => project));
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
              {
                title: 'Project',
                cell: (experiment) => (
                  <ProjectLink project={projectOf(experiment, projects)} projects={projects} />
                ),
              },
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

interface ProjectLinkProps {
  readonly project: string | undefined;
  readonly projects: ReadonlySet<string>;
}

/** A link, where there is a page: `default`, the owner of what belongs to nobody else, has none. */
function ProjectLink({ project, projects }: ProjectLinkProps) {
  if (project === undefined || !projects.has(project)) return <span>{project}</span>;
  return <a href={addressOf.project(project)}>{project}</a>;
}
