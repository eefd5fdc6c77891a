import { usePolled } from '../api/use-api.ts';
import { Moment } from '../parts/moment.tsx';
import { Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { withLocalTimes, wordsOf } from '../text/format.ts';
import { LineagePicture } from './lineage-picture.tsx';

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
        {({ root, nodes, edges }) => (
          <>
            <Panel title="What went into what">
              <LineagePicture root={root} nodes={nodes} edges={edges} />
            </Panel>
            <Panel title="Details">
              <Table
                caption="Everything in the picture, oldest first"
                rows={[...nodes].sort((one, other) => (one.at ?? '').localeCompare(other.at ?? ''))}
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
        )}
      </Loaded>
    </>
  );
}

function DetailList({ details }: { details: Readonly<Record<string, string>> }) {
  const given = Object.entries(details).filter(([, value]) => value !== '');
  return (
    <ul class="details">
      {given.map(([name, value]) => (
        <li key={name}>
          <span class="muted">{name}</span> {withLocalTimes(value)}
        </li>
      ))}
    </ul>
  );
}
