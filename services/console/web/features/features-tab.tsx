import { usePolled } from '../api/use-api.ts';
import { Empty, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { FeatureServiceTable } from './feature-service-table.tsx';
import { FeatureViewTable } from './feature-view-table.tsx';
import { FreshnessPanel } from './freshness-panel.tsx';
import { OnDemandTable } from './on-demand-table.tsx';
import { SkewPanel } from './skew-panel.tsx';

/** The catalogue of a project's features, how fresh they are online, and whether serving sees what training saw. */
export function FeaturesTab({ project, moved }: { project: string; moved: string | undefined }) {
  const catalogue = usePolled(
    (api, signal) => api.call('listFeatures', { params: { project }, signal }),
    () => 15_000,
    [moved],
  );
  return (
    <Loaded polled={catalogue} doing="Reading the features">
      {({ entities, featureViews, onDemandFeatureViews, featureServices }) =>
        featureViews.length === 0 && onDemandFeatureViews.length === 0 ? (
          <Panel title="Feature views">
            <Empty>
              No features yet. Declare them in the part <code>features</code> of <code>project.yaml</code>, or
              by <code>npx millrace features apply {project} features.yaml</code>.
            </Empty>
          </Panel>
        ) : (
          <>
            <FeatureViewTable project={project} entities={entities} views={featureViews} />
            {onDemandFeatureViews.length > 0 && <OnDemandTable views={onDemandFeatureViews} />}
            <FeatureServiceTable project={project} services={featureServices} />
            <FreshnessPanel project={project} moved={moved} />
            <SkewPanel project={project} />
          </>
        )
      }
    </Loaded>
  );
}
