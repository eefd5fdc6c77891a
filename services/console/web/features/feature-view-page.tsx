import { durationText } from '#shared/kernel/duration.ts';
import type { AnswerOf } from '../api/operations.ts';
import { usePolled } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { Badge } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { countText } from '../text/format.ts';
import { MaterializationPanel } from './materialization-panel.tsx';
import { sourceText } from './source-text.ts';
import { ValuesPanel } from './values-panel.tsx';

type Found = AnswerOf<'readFeatureView'>;

/** One feature view: what it holds, who uses it, its online values and how they came there. */
export function FeatureViewPage({ project, view }: { project: string; view: string }) {
  const found = usePolled(
    (api, signal) => api.call('readFeatureView', { params: { project, view }, signal }),
    () => 15_000,
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.projects}>Projects</a> /{' '}
        <a href={addressOf.project(project, 'features')}>{project}</a>
      </p>
      <h1>{view}</h1>
      <Loaded polled={found} doing="Reading the feature view">
        {(read) => (
          <>
            <ViewFacts found={read} />
            <FeatureTable view={read.featureView} />
            {read.settings.online && <ValuesPanel project={project} view={read.featureView} />}
            {read.settings.online && read.featureView.source.type !== 'stream' && (
              <MaterializationPanel project={project} view={view} />
            )}
            <UsedBy found={read} />
          </>
        )}
      </Loaded>
    </>
  );
}

function ViewFacts({ found: { featureView, settings, versions } }: { found: Found }) {
  const { version, definitionSha256, entities, joinKeys, ttlSeconds, source, createdAt } = featureView;
  return (
    <>
      {settings.description && <p class="lead">{settings.description}</p>}
      <p>
        Version {version} of {versions.length}, of project revision {featureView.projectRevision}, made{' '}
        <Moment at={createdAt} />, definition <Digest value={definitionSha256} />. About{' '}
        {entities.join(' and ')} by {joinKeys.map(({ name }) => name).join(', ')}; rows come from{' '}
        {sourceText(source)}.{ttlSeconds !== undefined && ` A value holds ${durationText(ttlSeconds)}.`}{' '}
        Owner: {settings.owner}.{' '}
        {settings.sensitivity && <Badge tone="attention">{settings.sensitivity}</Badge>}
        {Object.entries(settings.tags).map(([name, value]) => (
          <Badge key={name} tone="quiet">{`${name}: ${value}`}</Badge>
        ))}
      </p>
    </>
  );
}

function FeatureTable({ view: { features, aggregations } }: { view: Found['featureView'] }) {
  const rows = [
    ...features.map((feature) => ({ ...feature, made: `newest ${feature.column}` })),
    ...aggregations.map((aggregation) => ({
      ...aggregation,
      made: `${aggregation.function}${aggregation.column ? ` of ${aggregation.column}` : ''} over ${durationText(aggregation.windowSeconds)}`,
    })),
  ];
  return (
    <Panel title="Features">
      <Table
        caption="Features of the view"
        rows={rows}
        keyOf={({ name }) => name}
        columns={[
          { title: 'Feature', cell: ({ name }) => name },
          { title: 'Type', cell: ({ type }) => type },
          { title: 'Value', cell: ({ made }) => made },
          {
            title: 'Shown',
            cell: ({ sensitive }) => (sensitive ? <Badge tone="attention">masked</Badge> : 'as it is'),
          },
          { title: 'Description', wide: true, cell: ({ description }) => description },
        ]}
      />
    </Panel>
  );
}

function UsedBy({ found: { usedBy } }: { found: Found }) {
  const { featureServices, models } = usedBy;
  return (
    <Panel title="Used by">
      <p>
        {countText(featureServices.length, 'feature service version')}
        {featureServices.length > 0 &&
          `: ${featureServices.map(({ service, version }) => `${service} v${version}`).join(', ')}`}
        ; {countText(models.length, 'model version')}
        {models.length > 0 &&
          `: ${models.map(({ model, modelVersion }) => `${model} v${modelVersion}`).join(', ')}`}
        .
      </p>
    </Panel>
  );
}
