import type { AnswerOf } from '../api/operations.ts';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';

/** Features that are computed when they are asked for, by the same code in training and in serving. */
export function OnDemandTable({ views }: { views: AnswerOf<'listFeatures'>['onDemandFeatureViews'] }) {
  const rows = views.flatMap(({ view, features }) => features.map((feature) => ({ view, ...feature })));
  return (
    <Panel title="Computed on demand">
      <Table
        caption="Features computed on demand"
        rows={rows}
        keyOf={({ view, name }) => `${view}:${name}`}
        columns={[
          { title: 'View', cell: ({ view }) => view },
          { title: 'Feature', cell: ({ name }) => name },
          { title: 'Type', cell: ({ type }) => type },
          { title: 'Expression', wide: true, cell: ({ expression }) => <code>{expression}</code> },
        ]}
      />
    </Panel>
  );
}
