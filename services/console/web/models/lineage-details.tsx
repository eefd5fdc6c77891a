import { Digest } from '../parts/digest.tsx';
import { Badge, type Tone } from '../parts/marks.tsx';
import { Moment } from '../parts/moment.tsx';
import { addressOf } from '../routes.ts';
import { withLocalTimes, wordsOf } from '../text/format.ts';
import type { LineageNode } from './lineage-layout.ts';

/** SHA-256 in hexadecimal. */
const digest = /^[0-9a-f]{64}$/;
type Mark = NonNullable<LineageNode['marks']>[number];
const toneOf: Readonly<Record<Mark['tone'], Tone>> = { good: 'good', neutral: 'quiet', bad: 'bad' };

/** One thing of the lineage: what is known of it, what happened to it, and where its own pages are. */
export function LineageDetails({ project, node }: { project: string; node: LineageNode }) {
  const where = node.project ?? project;
  const page = pageOf(where, node);
  return (
    <article class="lineage-details" aria-label={`${wordsOf(node.kind)} ${node.label}`}>
      <h3>
        {node.label} <span class="muted">{wordsOf(node.kind)}</span>
      </h3>
      <p>
        {node.at && (
          <>
            <Moment at={node.at} />
            {' · '}
          </>
        )}
        {page && (
          <>
            <a href={page.address}>{page.title}</a>
            {' · '}
          </>
        )}
        <a href={addressOf.lineage(where, node.kind, ownId(node))}>Its own lineage</a>
      </p>
      <MarkList marks={node.marks ?? []} />
      <DetailList details={node.details} />
    </article>
  );
}

export function MarkList({ marks }: { marks: readonly Mark[] }) {
  if (marks.length === 0) return null;
  return (
    <ul class="details marks">
      {marks.map(({ name, at, tone, text }) => (
        <li key={`${at} ${name}`}>
          <Badge tone={toneOf[tone]}>{name}</Badge> <Moment at={at} /> {withLocalTimes(text)}
        </li>
      ))}
    </ul>
  );
}

export function DetailList({ details }: { details: Readonly<Record<string, string>> }) {
  const given = Object.entries(details).filter(([, value]) => value !== '');
  return (
    <ul class="details">
      {given.map(([name, value]) => (
        <li key={name}>
          <span class="muted">{wordsOf(name)}</span>{' '}
          {digest.test(value) ? <Digest value={value} /> : withLocalTimes(value)}
        </li>
      ))}
    </ul>
  );
}

/** `model-version:2` → `2`; the project of a thing of another one stands before that. */
const ownId = ({ id, kind }: LineageNode): string => id.slice(id.indexOf(`${kind}:`) + kind.length + 1);

/** The page that is about a thing of this kind. */
function pageOf(project: string, node: LineageNode): { address: string; title: string } | undefined {
  switch (node.kind) {
    case 'run':
      return { address: addressOf.run(ownId(node)), title: 'The run' };
    case 'model-version':
    case 'evaluation':
      return { address: addressOf.project(project, 'models'), title: 'Models of the project' };
    case 'prediction-batch':
      return { address: addressOf.project(project, 'monitoring'), title: 'Monitoring of the project' };
    case 'approval':
      return { address: addressOf.approvals, title: 'Approvals' };
    case 'upload':
      return { address: addressOf.project(project, 'data'), title: 'Data of the project' };
    case 'dataset-version':
    case 'validation':
      return {
        address: addressOf.datasetVersion(project, Number(ownId(node))),
        title: 'The dataset version',
      };
    case 'project-revision':
    case 'release':
    case 'training':
      return { address: addressOf.project(project), title: 'The project' };
    default:
      return undefined;
  }
}
