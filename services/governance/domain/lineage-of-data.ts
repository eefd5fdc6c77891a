import { count, listOf, numberOf, objectOf, textOf } from './fact-text.ts';
import { viewsInto } from './lineage-of-features.ts';
import { edge, type LineageReading, marked, nameIn, node, nodeId } from './lineage-parts.ts';

const datasetVersion = (version: unknown): string => nodeId('dataset-version', numberOf(version));
const validationOf = (version: unknown): string => nodeId('validation', numberOf(version));
const revision = (number: unknown): string => nodeId('project-revision', numberOf(number));

const messagesOf = (reasons: unknown): string =>
  listOf(reasons)
    .map((reason) => textOf(objectOf(reason)['message']))
    .join('; ');

const validated: LineageReading = (data, at) => {
  const version = numberOf(data['datasetVersion']);
  const verdict = textOf(data['verdict']);
  const self = node('validation', version, `validation of version ${version}: ${verdict}`, at, {
    verdict,
    rows: String(numberOf(data['rows'])),
    valid: String(numberOf(data['validRows'])),
    quarantined: String(numberOf(data['quarantinedRows'])),
    occasion: textOf(data['occasion']),
    report: textOf(objectOf(data['report'])['uri']),
  });
  const project = textOf(data['project']);
  // Checked against versions of other projects' datasets, or of another dataset of this one.
  const references = listOf(data['referenced'])
    .map(objectOf)
    .map((other) => {
      const id = datasetVersion(other['datasetVersion']);
      const name = nameIn(project, { project: textOf(other['project']) || project, id });
      return edge(name, 'referenced by', self.id);
    });
  return {
    nodes: [self],
    edges: [
      // The own ones last: of very many references the first are left out.
      ...references,
      edge(datasetVersion(version), 'checked by', self.id),
      edge(revision(data['projectRevision']), 'contract of', self.id),
    ],
  };
};

/** Project revisions, uploads, dataset versions, validations and training sets. */
export const dataReadings: Readonly<Record<string, LineageReading>> = {
  ProjectApplied: (data, at) => ({
    nodes: [
      node(
        'project-revision',
        numberOf(data['revision']),
        `project revision ${numberOf(data['revision'])}`,
        at,
        {
          sha256: textOf(data['definitionSha256']),
          owners: listOf(data['owners']).map(textOf).join(', '),
        },
      ),
    ],
  }),
  DatasetVersionCreated: (data, at) => {
    const key = textOf(objectOf(data['source'])['key']);
    const version = numberOf(data['datasetVersion']);
    const self = node('dataset-version', version, `dataset version ${version}`, at, {
      rows: String(numberOf(data['rows'])),
      bytes: String(numberOf(data['bytes'])),
      columns: String(listOf(data['columns']).length),
      sha256: textOf(data['contentSha256']),
    });
    if (data['restoredFrom'])
      // Not of the upload once more, and not of the version before it, whose rows it does not have.
      return { nodes: [self], edges: [edge(datasetVersion(data['restoredFrom']), 'restored as', self.id)] };
    return {
      nodes: [node('upload', key, key, at), self],
      edges: [
        edge(nodeId('upload', key), 'became', self.id),
        ...(data['parentVersion']
          ? [edge(datasetVersion(data['parentVersion']), 'extended by', self.id)]
          : []),
      ],
    };
  },
  DatasetVersionRejected: (data, at) => {
    const key = textOf(objectOf(data['source'])['key']);
    return {
      nodes: [node('upload', key, key, at)],
      ...marked(nodeId('upload', key), at, {
        name: 'rejected',
        tone: 'bad',
        text: messagesOf(data['reasons']),
      }),
    };
  },
  DatasetVersionExpired: (data, at) =>
    marked(datasetVersion(data['datasetVersion']), at, {
      name: 'expired',
      tone: 'neutral',
      text: `${count(data['removedObjects'], 'object')} removed, ${numberOf(data['removedBytes'])} bytes`,
    }),
  DatasetErasureCompleted: (data, at) => {
    const marks = listOf(data['versions'])
      .map(objectOf)
      .flatMap((version) => {
        const text = `${count(version['rowsErased'], 'row')}; certificate ${textOf(objectOf(data['certificate'])['uri'])}`;
        const mark = { name: 'erased from', tone: 'neutral', text } as const;
        return marked(datasetVersion(version['datasetVersion']), at, mark).marks ?? [];
      });
    return { marks };
  },
  DatasetTagMoved: (data, at) => {
    const tag = textOf(data['tag']);
    const changes = [
      [data['from'], `no longer ${tag}`],
      [data['datasetVersion'], `tagged ${tag}`],
    ] as const;
    const marks = changes
      .filter(([version]) => version)
      .flatMap(
        ([version, name]) => marked(datasetVersion(version), at, { name, tone: 'neutral' }).marks ?? [],
      );
    return { marks };
  },
  QuarantineReleased: (data, at) =>
    marked(validationOf(data['datasetVersion']), at, {
      name: 'rows released from quarantine',
      tone: 'neutral',
      text: `${count(data['rows'], 'row')} by ${textOf(data['releasedBy'])}: ${textOf(data['reason'])}`,
    }),
  ValidationCompleted: validated,
  TrainingSetBuilt: (data, at) => {
    const id = textOf(data['trainingSetId']);
    const rows = objectOf(data['rows']);
    const version = data['datasetVersion'];
    const self = node('training-set', id, `training set ${id.slice(0, 12)}`, at, {
      asOf: textOf(data['asOf']),
      sha256: textOf(data['contentSha256']),
      rows: `${numberOf(rows['train'])}/${numberOf(rows['validation'])}/${numberOf(rows['test'])}`,
    });
    const views = viewsInto(data, at, self.id);
    return {
      nodes: [...views.nodes, self],
      edges: [
        ...views.edges,
        // The validation may be told of later than what was made of its rows.
        edge(datasetVersion(version), 'checked by', validationOf(version)),
        edge(validationOf(version), 'valid rows built into', self.id),
      ],
    };
  },
};
