import { Fragment } from 'preact';
import type { AnswerOf } from '../api/operations.ts';
import { Empty } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';

interface FeatureServiceTableProps {
  readonly project: string;
  readonly services: AnswerOf<'listFeatures'>['featureServices'];
}

/** What models and applications read together, with the versions of views that are pinned. */
export function FeatureServiceTable({ project, services }: FeatureServiceTableProps) {
  return (
    <Panel title="Feature services">
      {services.length === 0 ? (
        <Empty>No feature service yet: it names the features that a model uses.</Empty>
      ) : (
        <Table
          caption="Feature services"
          rows={services}
          keyOf={({ service }) => service}
          columns={[
            {
              title: 'Service',
              cell: ({ service, version }) => (
                <>
                  {service} <span class="muted">v{version}</span>
                </>
              ),
            },
            {
              title: 'Views',
              wide: true,
              cell: ({ views }) =>
                views.map(({ view, version }, index) => (
                  <Fragment key={view}>
                    {index > 0 && ', '}
                    <a href={addressOf.featureView(project, view)}>{view}</a> v{version}
                  </Fragment>
                )),
            },
            {
              title: 'Features',
              wide: true,
              cell: ({ outputs }) => outputs.map(({ name }) => name).join(', '),
            },
            { title: 'Owner', cell: ({ owner }) => owner },
          ]}
        />
      )}
    </Panel>
  );
}
