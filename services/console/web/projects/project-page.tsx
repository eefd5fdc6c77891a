import type { AnswerOf } from '../api/operations.ts';
import { type Polled, usePolled } from '../api/use-api.ts';
import { ApprovalList } from '../approvals/approval-list.tsx';
import { DataTab } from '../data/data-tab.tsx';
import { FeaturesTab } from '../features/features-tab.tsx';
import { JourneyList } from '../journeys/journey-list.tsx';
import { VersionTable } from '../models/version-table.tsx';
import { DriftPanel } from '../monitoring/drift-panel.tsx';
import { PerformancePanel } from '../monitoring/performance-panel.tsx';
import { Loaded } from '../parts/notices.tsx';
import { PredictPanel } from '../predict/predict-panel.tsx';
import { addressOf, type ProjectTab, projectTabs } from '../routes.ts';
import { ReleaseTable } from '../serving/release-table.tsx';
import { ServingPanel } from '../serving/serving-panel.tsx';
import { wordsOf } from '../text/format.ts';

const secondsOfStatus = { running: 1, waiting: 3, done: 10, failed: 10 } as const;

/** Everything of one project, in tabs. */
export function ProjectPage({ project, tab }: { project: string; tab: ProjectTab }) {
  const journeys = usePolled(
    (api, signal) => api.call('listJourneys', { params: { project }, signal }),
    (newest) => 1000 * Math.min(...(newest?.items ?? []).map(({ status }) => secondsOfStatus[status]), 10),
  );
  // What journeys do changes the rest: it is read again when they moved.
  const moved = journeys.value?.items.map(({ updatedAt }) => updatedAt).join();
  const definition = usePolled(
    (api, signal) => api.call('readProject', { params: { project }, signal }),
    () => 60_000,
    [moved],
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.projects}>Projects</a>
      </p>
      <h1>{project}</h1>
      {definition.value && <p class="lead">{definition.value.definition.description}</p>}
      <nav class="links tabs" aria-label={`Parts of ${project}`}>
        {projectTabs.map((one) => (
          <a key={one} href={addressOf.project(project, one)} aria-current={one === tab ? 'page' : undefined}>
            {wordsOf(one)}
          </a>
        ))}
      </nav>
      <Loaded polled={definition} doing="Reading the project">
        {(revision) => <Tab tab={tab} revision={revision} journeys={journeys} moved={moved} />}
      </Loaded>
    </>
  );
}

interface TabProps {
  readonly tab: ProjectTab;
  readonly revision: AnswerOf<'readProject'>;
  readonly journeys: Polled<AnswerOf<'listJourneys'>>;
  readonly moved: string | undefined;
}

function Tab({ tab, revision, journeys, moved }: TabProps) {
  const { project, definition } = revision;
  const deployment = usePolled(
    (api, signal) => api.call('readDeployment', { params: { project }, signal }),
    () => 10_000,
    [moved],
  );
  const versions = usePolled(
    (api, signal) => api.call('listModelVersions', { params: { project }, signal }),
    () => 15_000,
    [moved],
  );
  switch (tab) {
    case 'overview':
      return (
        <>
          <ApprovalList project={project} moved={moved} />
          <ServingPanel deployment={deployment} />
          <JourneyList journeys={journeys} />
        </>
      );
    case 'data':
      return <DataTab revision={revision} moved={moved} />;
    case 'features':
      return <FeaturesTab project={project} moved={moved} />;
    case 'models':
      return (
        <>
          <VersionTable project={project} versions={versions} />
          <ReleaseTable deployment={deployment} />
        </>
      );
    case 'predict':
      return <PredictPanel project={project} columns={definition.data.columns} versions={versions} />;
    case 'monitoring':
      return (
        <>
          <DriftPanel project={project} monitoring={definition.monitoring} />
          <PerformancePanel project={project} />
        </>
      );
  }
}
