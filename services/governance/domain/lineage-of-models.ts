import { count, listOf, metricsText, numberOf, objectOf, textOf } from './fact-text.ts';
import type { Fact } from './facts.ts';
import { edge, type LineageFragment, type LineageReading, marked, node, nodeId } from './lineage-parts.ts';

/** The project’s own model is named by its version alone, others of its registry by name and version. */
const versionKey = (data: Fact['data'], version = data['modelVersion']): string =>
  data['model'] === data['project'] || textOf(data['model']) === ''
    ? String(numberOf(version))
    : `${textOf(data['model'])}/${numberOf(version)}`;
const modelVersion = (data: Fact['data'], version = data['modelVersion']): string =>
  nodeId('model-version', versionKey(data, version));
const labelOf = (data: Fact['data']): string =>
  `${textOf(data['model'])} version ${numberOf(data['modelVersion'])}`;
const shortRun = (runId: string): string => `run ${runId.slice(0, 12)}`;

/** What a client made: the platform knows where it was logged, not what it was trained on. */
const clientVersion: LineageReading = (data, at) => {
  const content = objectOf(data['content']);
  const model = node('model-version', versionKey(data), labelOf(data), at, {
    source: textOf(data['source']),
    createdBy: textOf(data['createdBy']),
    sha256: textOf(content['digest']),
    flavors: listOf(data['flavors']).map(textOf).join(', '),
  });
  const runId = textOf(data['runId']);
  if (runId === '') return { nodes: [model] };
  const run = node('run', runId, shortRun(runId), at);
  return { nodes: [run, model], edges: [edge(run.id, 'logged', model.id)] };
};

const trainedVersion: LineageReading = (data, at) => {
  const recipe = objectOf(data['recipe']);
  const trainingId = textOf(data['trainingId']);
  const training = node('training', trainingId, `training ${trainingId}`, at, {
    seed: String(numberOf(recipe['seed'])),
    image: textOf(recipe['trainingImage']),
    codeVersion: textOf(recipe['codeVersion']),
    projectRevision: String(numberOf(data['projectRevision'])),
  });
  const model = node('model-version', versionKey(data), labelOf(data), at, {
    artifact: textOf(objectOf(data['artifact'])['uri']),
    sha256: textOf(objectOf(data['artifact'])['sha256']),
    metrics: metricsText(data['metrics']),
  });
  const run = node('run', textOf(data['runId']), shortRun(textOf(data['runId'])), at);
  return {
    nodes: [training, run, model],
    edges: [
      edge(nodeId('training-set', textOf(recipe['trainingSetId'])), 'trained', training.id),
      edge(nodeId('project-revision', numberOf(data['projectRevision'])), 'recipe of', training.id),
      edge(training.id, 'produced', model.id),
      edge(training.id, 'tracked by', run.id),
    ],
  };
};

const evaluation = (id: string, data: Fact['data'], at: string) =>
  node('evaluation', id, `evaluation: ${textOf(data['verdict'])}`, at, {
    verdict: textOf(data['verdict']),
    metrics: metricsText(data['metrics']),
    report: textOf(objectOf(data['report'])['uri']),
  });

function aliasMoved(data: Fact['data'], at: string): LineageFragment {
  if (data['isPrompt'] === true) return {};
  const alias = textOf(data['alias']);
  const reason = textOf(data['reason']);
  const reached = data['toVersion']
    ? marked(modelVersion(data, data['toVersion']), at, {
        name: `became ${alias}`,
        tone: 'good',
        text: reason,
      })
    : {};
  const left = data['fromVersion']
    ? marked(modelVersion(data, data['fromVersion']), at, {
        name: `no longer ${alias}`,
        tone: 'neutral',
        text: reason,
      })
    : {};
  return { marks: [...(left.marks ?? []), ...(reached.marks ?? [])] };
}

const release = (data: Fact['data']): string => nodeId('release', textOf(data['releaseId']));

/** Trainings, runs, model versions and what was decided on and done with them. */
export const modelReadings: Readonly<Record<string, LineageReading>> = {
  TrainingFailed: (data, at) =>
    marked(nodeId('training', textOf(data['trainingId'])), at, {
      name: 'failed',
      tone: 'bad',
      text: `${textOf(data['step'])}: ${textOf(data['error'])}: ${textOf(data['cause'])}`.slice(0, 500),
    }),
  TrainingRequested: (data, at) => {
    const trainingId = textOf(data['trainingId']);
    const self = node('training', trainingId, `training ${trainingId}`, at, {
      trigger: textOf(data['trigger']),
      reasons: listOf(data['reasons']).map(textOf).join('; ').slice(0, 500),
    });
    return {
      nodes: [self],
      edges: [edge(nodeId('validation', numberOf(data['datasetVersion'])), 'asked for', self.id)],
    };
  },
  EvaluationCompleted: (data, at) => {
    const trainingId = textOf(data['trainingId']);
    const self = evaluation(trainingId, data, at);
    return { nodes: [self], edges: [edge(nodeId('training', trainingId), 'measured by', self.id)] };
  },
  ModelVersionEvaluated: (data, at) => {
    const self = evaluation(textOf(data['releaseId']), data, at);
    return {
      nodes: [self],
      edges: [
        edge(modelVersion(data), 'measured by', self.id),
        edge(nodeId('training-set', textOf(data['trainingSetId'])), 'held-out rows for', self.id),
      ],
    };
  },
  ModelVersionRegistered: (data, at) =>
    data['origin'] === 'client' ? clientVersion(data, at) : trainedVersion(data, at),
  ModelAliasMoved: aliasMoved,
  ModelVersionQuarantined: (data, at) =>
    marked(modelVersion(data), at, { name: 'in quarantine', tone: 'bad', text: textOf(data['reason']) }),
  ApprovalDecided: (data, at) => {
    const self = node(
      'approval',
      textOf(data['approvalId']),
      `${textOf(data['decision'])} by ${listOf(data['decidedBy']).map(textOf).join(', ')}`,
      at,
      { comment: textOf(data['comment']), subjectDigest: textOf(data['subjectDigest']) },
    );
    return { nodes: [self], edges: [edge(modelVersion(data), 'decided by', self.id)] };
  },
  DeploymentStarted: (data, at) => {
    const self = node('release', textOf(data['releaseId']), `endpoint ${textOf(data['endpointName'])}`, at, {
      mode: textOf(data['mode']),
    });
    return { nodes: [self], edges: [edge(modelVersion(data), 'released by', self.id)] };
  },
  DeploymentCompleted: (data, at) => marked(release(data), at, { name: 'serves all traffic', tone: 'good' }),
  DeploymentRolledBack: (data, at) =>
    marked(release(data), at, { name: 'rolled back', tone: 'bad', text: textOf(data['reason']) }),
  EndpointRetired: (data, at) => marked(release(data), at, { name: 'endpoint deleted', tone: 'neutral' }),
  // There is no endpoint, and mostly no node of the release.
  ReleaseRejected: (data, at) =>
    marked(modelVersion(data), at, {
      name: `not released (${textOf(data['step'])})`,
      tone: 'bad',
      text: textOf(data['reason']),
    }),
  PredictionBatchCaptured: (data, at) => {
    const capture = objectOf(data['capture']);
    const [firstAt, lastAt] = [textOf(data['firstAt']), textOf(data['lastAt'])];
    const self = node('prediction-batch', textOf(capture['sha256']), count(data['count'], 'prediction'), at, {
      uri: textOf(capture['uri']),
      firstAt,
      lastAt,
    });
    return {
      nodes: [self],
      edges: [edge(modelVersion(data), 'predicted', self.id)],
      capture: { modelVersion: numberOf(data['modelVersion']), firstAt, lastAt, batch: self.id },
    };
  },
};
