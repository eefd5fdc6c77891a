import { AppError } from '#shared/kernel/errors.ts';
import { unknownNode } from '../domain/lineage.ts';
import { edge, type LineageEdge, type LineageNode, nodeId, placeOf } from '../domain/lineage-parts.ts';
import type { GovernanceStore, Predictions } from '../ports.ts';
import { type OpenEnd, type Walk, walkLineage } from './walk-lineage.ts';

/** A picture with more than this in one direction is of no use; the answer says where it was cut. */
const maxNodesPerDirection = 150;

export interface LineageQuestion {
  readonly project: string;
  readonly kind: string;
  readonly id: string;
  readonly direction: 'up' | 'down' | 'both';
  /** Most steps away from the thing. */
  readonly depth: number;
  /** Goes on behind an open end; only in one direction. */
  readonly after?: string | undefined;
  readonly mayView: (project: string) => boolean;
}

/** A node as it is answered: with its project where that is another. */
type AnsweredNode = LineageNode & { readonly project?: string };

export interface Lineage {
  readonly root: string;
  readonly nodes: AnsweredNode[];
  readonly edges: LineageEdge[];
  /** Whether there is more than was answered, and where. */
  readonly truncated: boolean;
  readonly openEnds: OpenEnd[];
}

interface Deps {
  readonly store: GovernanceStore;
  readonly predictions: Predictions;
}

/** Everything that went into a thing, and everything that it went into. Throws LineageNotFound, AfterNeedsDirection. */
export async function readLineage(deps: Deps, question: LineageQuestion): Promise<Lineage> {
  const { project, kind, id, direction, after } = question;
  if (after !== undefined && direction === 'both')
    throw new AppError(
      'invalid_input',
      'AfterNeedsDirection',
      "'after' goes on in one direction: ask with direction=up or direction=down, as the open end says.",
    );
  const root = nodeId(kind, id);
  if (kind === 'prediction') return lineageOfPrediction(deps, question, root);
  const [found] = await deps.store.readNodes(project, [root]);
  if (!found) throw notFound(project, kind, id);
  const walks = await Promise.all(
    (['up', 'down'] as const)
      .filter((one) => direction === 'both' || direction === one)
      .map((one) => walk(deps.store, question, root, one, question.depth)),
  );
  return graphOf(deps.store, question, root, { known: [found], edges: [], walks });
}

/** Predictions are not kept in the graph, there are too many: one hangs below the version that made it and the batch that it was written with. */
async function lineageOfPrediction(
  { store, predictions }: Deps,
  question: LineageQuestion,
  root: string,
): Promise<Lineage> {
  const { project, id, direction, depth } = question;
  const prediction = await predictions.find(project, id);
  if (!prediction) throw notFound(project, 'prediction', id);
  const version = nodeId('model-version', prediction.modelVersion);
  const self: LineageNode = {
    id: root,
    kind: 'prediction',
    label: id,
    at: prediction.at,
    details: { value: prediction.value },
  };
  if (direction === 'down' || depth === 0)
    return graphOf(store, question, root, { known: [self], edges: [], walks: [] });
  const [batches, up] = await Promise.all([
    store.findBatches(project, prediction.modelVersion, prediction.at),
    walk(store, question, version, 'up', depth - 1),
  ]);
  const relation = batches.length === 1 ? 'written with' : 'written with one of';
  const edges = [
    edge(version, 'predicted', root),
    ...batches.flatMap((batch) => [edge(version, 'predicted', batch), edge(batch, relation, root)]),
  ];
  return graphOf(store, question, root, { known: [self], edges, walks: [up] });
}

const walk = (
  store: GovernanceStore,
  { project, mayView, after }: LineageQuestion,
  start: string,
  direction: 'up' | 'down',
  depth: number,
): Promise<Walk> =>
  walkLineage(store, { project, start, direction, depth, maxNodes: maxNodesPerDirection, after, mayView });

async function graphOf(
  store: GovernanceStore,
  { project, mayView }: LineageQuestion,
  root: string,
  found: { known: readonly LineageNode[]; edges: readonly LineageEdge[]; walks: readonly Walk[] },
): Promise<Lineage> {
  const edges = [...found.edges, ...found.walks.flatMap((one) => one.edges)];
  const openEnds = found.walks.flatMap((one) => one.openEnds);
  const isKnown = (name: string) => found.known.some((node) => node.id === name);
  const missing = [...new Set(edges.flatMap(({ from, to }) => [from, to]))].filter((name) => !isKnown(name));
  const nodes = await readNamed(store, project, missing, mayView);
  return { root, nodes: [...found.known, ...nodes], edges, truncated: openEnds.length > 0, openEnds };
}

/** The nodes of these names, by project; of a project that the caller may not view, what the name says. */
async function readNamed(
  store: GovernanceStore,
  own: string,
  names: readonly string[],
  mayView: (project: string) => boolean,
): Promise<AnsweredNode[]> {
  const byProject = Map.groupBy(names, (name) => placeOf(own, name).project);
  const groups = [...byProject].map(async ([project, group]) => {
    const idOf = (name: string) => placeOf(own, name).id;
    const read = mayView(project) ? await store.readNodes(project, group.map(idOf)) : [];
    const byId = new Map(read.map((node) => [node.id, node]));
    return group.map((name): AnsweredNode => {
      const node = byId.get(idOf(name)) ?? unknownNode(idOf(name));
      return project === own ? node : { ...node, id: name, project };
    });
  });
  return (await Promise.all(groups)).flat();
}

const notFound = (project: string, kind: string, id: string): AppError =>
  new AppError(
    'not_found',
    'LineageNotFound',
    `Project '${project}' has no ${kind} '${id}'. Kinds are upload, dataset-version, validation, project-revision, feature-view, training-set, training, evaluation, run, model-version, approval, release, prediction-batch, prediction; numbers name versions, validations and revisions.`,
  );
