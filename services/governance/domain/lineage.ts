import { count, listOf, metricsText, numberOf, objectOf, textOf } from './fact-text.ts';
import type { Fact } from './facts.ts';

/** A thing that has a history. `id` is `<kind>:<own id>`, unique within a project. */
export interface LineageNode {
  readonly id: string;
  readonly kind: string;
  readonly label: string;
  readonly at?: string;
  readonly details: Readonly<Record<string, string>>;
}

/** `from` went into `to`. */
export interface LineageEdge {
  readonly from: string;
  readonly to: string;
  readonly relation: string;
}

export interface LineageFragment {
  readonly nodes: readonly LineageNode[];
  readonly edges: readonly LineageEdge[];
}

export const nodeId = (kind: string, id: string | number): string => `${kind}:${id}`;

type Reading = (data: Fact['data'], at: string) => LineageFragment;

const node = (
  kind: string,
  id: string | number,
  label: string,
  at: string,
  details: Record<string, string> = {},
): LineageNode => ({ id: nodeId(kind, id), kind, label, at, details });
const edge = (from: string, relation: string, to: string): LineageEdge => ({ from, to, relation });

/** What a client made: the platform knows where it was logged, not what it was trained on. */
const clientVersion: Reading = (data, at) => {
  const version = numberOf(data['modelVersion']);
  const content = objectOf(data['content']);
  const model = node('model-version', version, `${textOf(data['model'])} version ${version}`, at, {
    source: textOf(data['source']),
    createdBy: textOf(data['createdBy']),
    sha256: textOf(content['digest']),
    flavors: listOf(data['flavors']).map(textOf).join(', '),
  });
  const runId = textOf(data['runId']);
  if (runId === '') return { nodes: [model], edges: [] };
  const run = node('run', runId, `run ${runId.slice(0, 12)}`, at);
  return { nodes: [run, model], edges: [edge(run.id, 'logged', model.id)] };
};

const readings: Readonly<Record<string, Reading>> = {
  DatasetVersionCreated: (data, at) => {
    const key = textOf(objectOf(data['source'])['key']);
    const version = numberOf(data['datasetVersion']);
    const self = node('dataset-version', version, `dataset version ${version}`, at, {
      rows: String(numberOf(data['rows'])),
      sha256: textOf(data['contentSha256']),
    });
    const parent = numberOf(data['parentVersion']);
    return {
      nodes: [node('upload', key, key, at), self],
      edges: [
        edge(nodeId('upload', key), 'became', self.id),
        ...(parent ? [edge(nodeId('dataset-version', parent), 'extended by', self.id)] : []),
      ],
    };
  },
  TrainingSetBuilt: (data, at) => {
    const id = textOf(data['trainingSetId']);
    const rows = objectOf(data['rows']);
    const self = node('training-set', id, `training set ${id.slice(0, 12)}`, at, {
      asOf: textOf(data['asOf']),
      sha256: textOf(data['contentSha256']),
      rows: `${numberOf(rows['train'])}/${numberOf(rows['validation'])}/${numberOf(rows['test'])}`,
    });
    return {
      nodes: [self],
      edges: [edge(nodeId('dataset-version', numberOf(data['datasetVersion'])), 'built into', self.id)],
    };
  },
  ModelVersionRegistered: (data, at) => {
    if (data['origin'] === 'client') return clientVersion(data, at);
    const version = numberOf(data['modelVersion']);
    const recipe = objectOf(data['recipe']);
    const training = node(
      'training',
      textOf(data['trainingId']),
      `training ${textOf(data['trainingId'])}`,
      at,
      {
        seed: String(numberOf(recipe['seed'])),
        image: textOf(recipe['trainingImage']),
        codeVersion: textOf(recipe['codeVersion']),
        projectRevision: String(numberOf(data['projectRevision'])),
      },
    );
    const model = node('model-version', version, `${textOf(data['model'])} version ${version}`, at, {
      artifact: textOf(objectOf(data['artifact'])['uri']),
      sha256: textOf(objectOf(data['artifact'])['sha256']),
      metrics: metricsText(data['metrics']),
    });
    const run = node('run', textOf(data['runId']), `run ${textOf(data['runId']).slice(0, 12)}`, at);
    return {
      nodes: [training, run, model],
      edges: [
        edge(nodeId('training-set', textOf(recipe['trainingSetId'])), 'trained', training.id),
        edge(training.id, 'produced', model.id),
        edge(training.id, 'tracked by', run.id),
      ],
    };
  },
  ApprovalDecided: (data, at) => {
    const self = node(
      'approval',
      textOf(data['approvalId']),
      `${textOf(data['decision'])} by ${listOf(data['decidedBy']).map(textOf).join(', ')}`,
      at,
      { comment: textOf(data['comment']), subjectDigest: textOf(data['subjectDigest']) },
    );
    return {
      nodes: [self],
      edges: [edge(nodeId('model-version', numberOf(data['modelVersion'])), 'decided by', self.id)],
    };
  },
  DeploymentStarted: (data, at) => {
    const self = node('release', textOf(data['releaseId']), `endpoint ${textOf(data['endpointName'])}`, at, {
      mode: textOf(data['mode']),
    });
    return {
      nodes: [self],
      edges: [edge(nodeId('model-version', numberOf(data['modelVersion'])), 'released by', self.id)],
    };
  },
  PredictionBatchCaptured: (data, at) => {
    const capture = objectOf(data['capture']);
    const self = node('prediction-batch', textOf(capture['sha256']), count(data['count'], 'prediction'), at, {
      uri: textOf(capture['uri']),
    });
    return {
      nodes: [self],
      edges: [edge(nodeId('model-version', numberOf(data['modelVersion'])), 'predicted', self.id)],
    };
  },
};

/** What a fact adds to the graph; nothing for most. */
export function fragmentOf(fact: Fact): LineageFragment {
  return readings[fact.name]?.(fact.data, fact.occurredAt) ?? { nodes: [], edges: [] };
}
