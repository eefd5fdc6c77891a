import { useState } from 'preact/hooks';
import { useClient, usePolled } from '../api/use-api.ts';
import { Moment } from '../parts/moment.tsx';
import { FailureNotice, Loaded } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { Table } from '../parts/table.tsx';
import { addressOf } from '../routes.ts';
import { countText, wordsOf } from '../text/format.ts';
import { DetailList, LineageDetails, MarkList } from './lineage-details.tsx';
import { type Lineage, layoutOf, withMore } from './lineage-layout.ts';
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
        {(graph) => <LineageView project={project} first={graph} />}
      </Loaded>
    </>
  );
}

function LineageView({ project, first }: { project: string; first: Lineage }) {
  const [more, setMore] = useState<readonly Lineage[]>([]);
  const graph = more.reduce(withMore, first);
  const layout = layoutOf(graph);
  const [selected, select] = useState(graph.root);
  const chosen = layout.placed.find(({ node }) => node.id === selected)?.node ?? layout.placed[0]?.node;
  return (
    <>
      <Panel title="What went into what" aside={countText(graph.nodes.length, 'thing')}>
        <LineagePicture
          layout={layout}
          root={graph.root}
          selected={chosen?.id ?? graph.root}
          onSelect={select}
        />
        <ReadOn project={project} graph={graph} onRead={(next) => setMore([...more, next])} />
        {chosen && <LineageDetails project={project} node={chosen} />}
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
            {
              title: 'Details',
              wide: true,
              cell: ({ details, marks = [] }) => (
                <>
                  <MarkList marks={marks} />
                  <DetailList details={details} />
                </>
              ),
            },
          ]}
        />
      </Panel>
    </>
  );
}

interface ReadOnProps {
  readonly project: string;
  readonly graph: Lineage;
  readonly onRead: (more: Lineage) => void;
}

/** An answer that was cut says where; each press reads on behind one of those places. */
function ReadOn({ project, graph, onRead }: ReadOnProps) {
  const api = useClient();
  const [failure, setFailure] = useState<Error>();
  const end = graph.openEnds[0];
  if (!end) return null;
  const {
    kind,
    label,
    project: of = project,
  } = graph.nodes.find(({ id }) => id === end.id) ?? {
    kind: '',
    label: end.id,
  };
  const id = end.id.slice(end.id.indexOf(`${kind}:`) + kind.length + 1);
  const readOn = async () => {
    try {
      const { direction, after } = end;
      const query = { direction, ...(after === undefined ? {} : { after }) };
      const answer = await api.call('readLineage', { params: { project: of, kind, id }, query });
      onRead({ ...answer, root: end.id });
      setFailure(undefined);
    } catch (error) {
      setFailure(error as Error);
    }
  };
  return (
    <p class="read-on">
      {failure && <FailureNotice failure={failure} doing="Reading on" />}
      There is more than is shown, behind {countText(graph.openEnds.length, 'thing')}.{' '}
      <button type="button" onClick={readOn}>
        Read on at {label}
      </button>
    </p>
  );
}
