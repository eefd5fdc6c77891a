import { AppError } from '#shared/kernel/errors.ts';
import { type LineageEdge, type LineageNode, nodeId } from '../domain/lineage.ts';
import type { GovernanceStore, Predictions } from '../ports.ts';

/** A picture with more than this is of no use; the oldest and farthest are left out. */
const maxNodes = 300;

export interface Lineage {
  readonly root: string;
  readonly nodes: LineageNode[];
  readonly edges: LineageEdge[];
}

/** Everything that went into a thing, and everything that it went into. Throws LineageNotFound. */
export async function readLineage(
  deps: { store: GovernanceStore; predictions: Predictions },
  project: string,
  kind: string,
  id: string,
): Promise<Lineage> {
  const root = nodeId(kind, id);
  if (kind === 'prediction') return lineageOfPrediction(deps, project, id, root);
  const found = await deps.store.readNode(project, root);
  if (!found) throw notFound(project, kind, id);
  const [up, down] = await Promise.all([
    walk(deps.store, project, root, 'up'),
    walk(deps.store, project, root, 'down'),
  ]);
  return graphOf(deps.store, project, root, [found], [...up, ...down]);
}

/** Predictions are not kept in the graph, there are too many: one hangs below the version that made it. */
async function lineageOfPrediction(
  deps: { store: GovernanceStore; predictions: Predictions },
  project: string,
  inferenceId: string,
  root: string,
): Promise<Lineage> {
  const prediction = await deps.predictions.find(project, inferenceId);
  if (!prediction) throw notFound(project, 'prediction', inferenceId);
  const version = nodeId('model-version', prediction.modelVersion);
  const self: LineageNode = {
    id: root,
    kind: 'prediction',
    label: inferenceId,
    at: prediction.at,
    details: { value: prediction.value },
  };
  const up = await walk(deps.store, project, version, 'up');
  return graphOf(
    deps.store,
    project,
    root,
    [self],
    [...up, { from: version, to: root, relation: 'predicted' }],
  );
}

async function walk(
  store: GovernanceStore,
  project: string,
  start: string,
  direction: 'up' | 'down',
): Promise<LineageEdge[]> {
  const edges: LineageEdge[] = [];
  const seen = new Set([start]);
  let frontier = [start];
  while (frontier.length > 0 && seen.size < maxNodes) {
    const found = (await Promise.all(frontier.map((id) => store.listEdges(project, id, direction)))).flat();
    edges.push(...found);
    frontier = [...new Set(found.map((edge) => (direction === 'up' ? edge.from : edge.to)))].filter(
      (id) => !seen.has(id),
    );
    for (const id of frontier) seen.add(id);
  }
  return edges;
}

async function graphOf(
  store: GovernanceStore,
  project: string,
  root: string,
  known: readonly LineageNode[],
  edges: readonly LineageEdge[],
): Promise<Lineage> {
  const missing = [...new Set(edges.flatMap((edge) => [edge.from, edge.to]))].filter(
    (id) => !known.some((node) => node.id === id),
  );
  const nodes = await Promise.all(
    missing.map(
      async (id) =>
        (await store.readNode(project, id)) ?? {
          id,
          kind: id.slice(0, id.indexOf(':')),
          label: id,
          details: {},
        },
    ),
  );
  return { root, nodes: [...known, ...nodes], edges: [...edges] };
}

const notFound = (project: string, kind: string, id: string): AppError =>
  new AppError(
    'not_found',
    'LineageNotFound',
    `Project '${project}' has no ${kind} '${id}'. Kinds are upload, dataset-version, training-set, training, run, model-version, approval, release, prediction-batch, prediction; numbers name versions.`,
  );
