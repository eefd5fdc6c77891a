import { usePolled } from '../api/use-api.ts';
import { Digest } from '../parts/digest.tsx';
import { Moment } from '../parts/moment.tsx';
import { Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { withLocalTimes, wordsOf } from '../text/format.ts';
import { type Layout, layoutOf } from './lineage-layout.ts';
import { LineagePicture } from './lineage-picture.tsx';

/** SHA-256 in hexadecimal. */
const digest = /^[0-9a-f]{64}$/;

/** Everything that went into a thing and that it went into. */
export function LineagePage({ project, kind, id }: { project: string; kind: string; id: string }) {
  const lineage = usePolled(
    (api, signal) => api.call('readLineage', { params: { project, kind, id }, signal }),
    () => 30_000,
  );
  return (
    <>
      <p class="crumbs">
        <a href={addressOf.projects}>Projects</a> /{' '}
        <a href={addressOf.project(project, 'models')}>{project}</a>
      </p>
      <h1>
        Lineage of {wordsOf(kind)} {id}
      </h1>
      <Loaded polled={lineage} doing="Reading the lineage">
        {(graph) => <LineageView layout={layoutOf(graph)} root={graph.root} />}
      </Loaded>
    </>
  );
}

function LineageView({ layout, root }: { layout: Layout; root: string }) {
  return (
    <>
      <Panel title="What went into what">
        <LineagePicture layout={layout} root={root} />
      </Panel>
      <Panel title="Details">
        <Table
          caption="Everything in the picture, from left to right"
          rows={layout.placed.map(({ node }) => node)}
          keyOf={(node) => node.id}
          columns={[
            { title: 'Kind', cell: (node) => wordsOf(node.kind) },
            { title: 'What', wide: true, cell: (node) => node.label },
            { title: 'When', cell: ({ at }) => at && <Moment at={at} /> },
            { title: 'Details', wide: true, cell: ({ details }) => <DetailList details={details} /> },
          ]}
        />
      </Panel>
    </>
  );
}

function DetailList({ details }: { details: Readonly<Record<string, string>> }) {
  const given = Object.entries(details).filter(([, value]) => value !== '');
  return (
    <ul class="details">
      {given.map(([name, value]) => (
        <li key={name}>
          <span class="muted">{name}</span>{' '}
          {digest.test(value) ? <Digest value={value} /> : withLocalTimes(value)}
        </li>
      ))}
    </ul>
  );
}
