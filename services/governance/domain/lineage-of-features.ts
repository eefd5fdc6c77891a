import { listOf, numberOf, objectOf, textOf } from './fact-text.ts';
import {
  edge,
  type LineageEdge,
  type LineageNode,
  type LineageReading,
  nameIn,
  node,
  nodeId,
} from './lineage-parts.ts';

type Data = Parameters<LineageReading>[0];

/** What a fact adds is one transaction, of at most 100 writes. */
const maxViews = 20;

/** Versions of views that went into a thing, each a node of its own; of very many the first. */
export function viewsInto(
  data: Data,
  at: string,
  into: string,
): { nodes: LineageNode[]; edges: LineageEdge[] } {
  const views = listOf(data['views'])
    .slice(0, maxViews)
    .map(objectOf)
    .map((view) => viewNode(view, at));
  return { nodes: views, edges: views.map(({ id }) => edge(id, 'features of', into)) };
}

function viewNode(view: Data, at: string): LineageNode {
  const [name, version] = [textOf(view['view']), numberOf(view['version'])];
  return node('feature-view', `${name}@${version}`, `feature view ${name}, version ${version}`, at, {
    view: name,
    version: String(version),
  });
}

/** The validated rows of a dataset version, of this project or another. */
function validatedRows(data: Data, dataset: unknown, version: unknown): string {
  const project = textOf(data['project']);
  const id = nodeId('validation', numberOf(version));
  return nameIn(project, { project: textOf(dataset) || project, id });
}

/** Feature views, what they were read from, and the training sets that people asked for. */
export const featureReadings: Readonly<Record<string, LineageReading>> = {
  FeaturesMaterialized: (data, at) => {
    const self = viewNode(data, at);
    const { dataset, datasetVersion } = data;
    return {
      nodes: [self],
      edges: datasetVersion
        ? [edge(validatedRows(data, dataset, datasetVersion), 'valid rows read by', self.id)]
        : [],
    };
  },
  HistoricalFeaturesRetrieved: (data, at) => {
    const retrievalId = textOf(data['retrievalId']);
    const self = node(
      'training-set',
      retrievalId,
      `training set ${textOf(data['trainingSetId']).slice(0, 12)}`,
      at,
      {
        asOf: textOf(data['asOf']),
        sha256: textOf(data['contentSha256']),
        rows: String(numberOf(data['rows'])),
        trainingSetId: textOf(data['trainingSetId']),
      },
    );
    const views = viewsInto(data, at, self.id);
    const rows = listOf(data['datasets'])
      .map(objectOf)
      .map((dataset) =>
        edge(
          validatedRows(data, dataset['project'], dataset['datasetVersion']),
          'valid rows read into',
          self.id,
        ),
      );
    return { nodes: [...views.nodes, self], edges: [...views.edges, ...rows] };
  },
};
