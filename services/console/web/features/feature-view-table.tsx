import type { AnswerOf } from '../api/operations.ts';
import { Badge } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { sourceText } from './source-text.ts';

type Catalogue = AnswerOf<'listFeatures'>;

interface FeatureViewTableProps {
  readonly project: string;
  readonly entities: Catalogue['entities'];
  readonly views: Catalogue['featureViews'];
}

/** What is known about which entities, where it comes from, and whether it is online. */
export function FeatureViewTable({ project, entities, views }: FeatureViewTableProps) {
  return (
    <Panel title="Feature views">
      <p class="muted">
        {entities
          .map(({ entity, joinKeys }) => `${entity} by ${joinKeys.map(({ name }) => name).join(' and ')}`)
          .join('; ')}
      </p>
      <Table
        caption="Feature views"
        rows={views}
        keyOf={({ view }) => view}
        columns={[
          {
            title: 'View',
            cell: ({ view, version }) => (
              <>
                <a href={addressOf.featureView(project, view)}>{view}</a>{' '}
                <span class="muted">v{version}</span>
              </>
            ),
          },
          { title: 'About', cell: ({ entities: about }) => about.join(', ') },
          { title: 'Features', wide: true, cell: ({ featureNames }) => featureNames.join(', ') },
          { title: 'From', wide: true, cell: ({ source }) => sourceText(source) },
          { title: 'Owner', cell: ({ settings }) => settings.owner },
          {
            title: 'Online',
            cell: ({ settings }) =>
              settings.online ? <Badge tone="good">online</Badge> : <Badge tone="quiet">offline only</Badge>,
          },
          {
            title: 'Entities',
            numeric: true,
            cell: ({ state }) => state.entities?.toLocaleString('en'),
          },
          {
            title: 'Newest row',
            cell: ({ state }) => state.newestEventAt && <Moment at={state.newestEventAt} />,
          },
        ]}
      />
    </Panel>
  );
}
