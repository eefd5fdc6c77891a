import { listOf, numberOf, objectOf, textOf } from '../fact-text.ts';
import type { Fact } from '../facts.ts';
import { capturesOf, modelOf, reportOf, trainingSetOf, withFacets } from './datasets.ts';
import {
  datasetTags,
  documentationFacet,
  errorFacet,
  gateTests,
  lifecycleFacet,
  metricTags,
  outputStatistics,
  parametersFacet,
  runTags,
  testsFacet,
} from './facets.ts';
import { datasetEvent, type Reading, runEvent, type Telling, wholeRun } from './parts.ts';

const training = (data: Fact['data']) => ({ job: 'training', id: textOf(data['trainingId']) }) as const;
const versionKey = (data: Fact['data']): string =>
  `${textOf(data['model'])}/${numberOf(data['modelVersion'])}`;
const registration = (data: Fact['data']) => ({ job: 'registration', id: versionKey(data) }) as const;

/** The recipe comes when the version is registered, between the training's start and its end. */
const trained: Reading = (data, telling) => {
  const recipe = objectOf(data['recipe']);
  return [
    runEvent(telling, 'OTHER', {
      ...training(data),
      facets: {
        ...parametersFacet({ ...objectOf(recipe['hyperparameters']), seed: recipe['seed'] }),
        ...runTags({
          trainingImage: textOf(recipe['trainingImage']),
          codeVersion: textOf(recipe['codeVersion']),
          projectRevision: textOf(data['projectRevision']),
          mlflowRun: textOf(data['runId']),
          ...metricTags(data['metrics']),
        }),
      },
      inputs: [trainingSetOf(telling, recipe['trainingSetId'])],
      outputs: [modelOf(telling, data['model'], data['modelVersion'], data['artifact'])],
    }),
    // A version that a training made is in a release from here on, which has the id of this fact.
    runEvent(telling, 'START', {
      job: 'release',
      id: telling.fact.eventId,
      inputs: [modelOf(telling, data['model'], data['modelVersion'])],
    }),
  ];
};

const recorded: Reading = (data, telling) => {
  const content = objectOf(data['content']);
  const { verdict, reason, digest } = content;
  const made = withFacets(modelOf(telling, data['model'], data['modelVersion'], content['manifest']), {
    ...datasetTags({ sha256: textOf(digest), flavors: listOf(data['flavors']).map(textOf).join(',') }),
  });
  const isReleased = data['model'] === data['project'] && !data['importedFrom'];
  return [
    runEvent(telling, 'COMPLETE', {
      ...registration(data),
      facets: runTags({ verdict: textOf(verdict), reason: textOf(reason), source: textOf(data['source']) }),
      outputs: [{ ...made, outputFacets: outputStatistics({ size: numberOf(content['bytes']) }) }],
    }),
    ...(isReleased
      ? [
          runEvent(telling, 'START', {
            job: 'release',
            id: telling.fact.eventId,
            inputs: [modelOf(telling, data['model'], data['modelVersion'])],
          }),
        ]
      : []),
  ];
};

const evaluated =
  (idOf: (data: Fact['data']) => string): Reading =>
  (data, telling) =>
    wholeRun(telling, {
      job: 'evaluation',
      id: idOf(data),
      facets: {
        ...testsFacet(gateTests(data['gates'])),
        ...runTags({ verdict: textOf(data['verdict']), ...metricTags(data['metrics']) }),
      },
      inputs: [
        trainingSetOf(telling, data['trainingSetId']),
        ...(data['modelVersion'] ? [modelOf(telling, data['model'], data['modelVersion'])] : []),
        ...(data['championVersion']
          ? [modelOf(telling, data['model'] ?? data['project'], data['championVersion'])]
          : []),
      ],
      outputs: [reportOf(telling, data['report'])],
    });

/** The window that was judged: the versions of its files are not told. */
const watched = (
  telling: Telling,
  job: 'drift' | 'performance',
  data: Fact['data'],
  facets: ReturnType<typeof testsFacet>,
) => {
  const window = objectOf(data['window']);
  return wholeRun(telling, {
    job,
    id: textOf(window['windowId']),
    facets: {
      ...runTags({
        verdict: textOf(data['verdict']),
        windowStart: textOf(window['startAt']),
        windowEnd: textOf(window['endAt']),
        ...metricTags(data['metrics']),
      }),
      ...facets,
    },
    inputs: [
      modelOf(telling, data['model'], data['modelVersion']),
      capturesOf(telling, 'predictions'),
      ...(job === 'performance' ? [capturesOf(telling, 'ground-truth')] : []),
    ],
  });
};

const lifecycles = { created: 'CREATE', renamed: 'RENAME', deleted: 'DROP' } as const;

/** Facts of training, tracking, evaluation, registry, predictions and monitoring. */
export const modelReadings: Readonly<Record<string, Reading>> = {
  TrainingRequested: (data, telling) => [
    runEvent(telling, 'START', {
      ...training(data),
      facets: runTags({
        trigger: textOf(data['trigger']),
        reasons: listOf(data['reasons']).map(textOf).join('; '),
        requestedBy: telling.fact.actor,
      }),
    }),
  ],
  TrainingStarted: (data, telling) => [
    runEvent(telling, 'RUNNING', {
      ...training(data),
      facets: runTags({ sagemakerJob: textOf(data['jobName']), mlflowRun: textOf(data['runId']) }),
    }),
  ],
  TrainingCompleted: (data, telling) => [
    runEvent(telling, 'COMPLETE', {
      ...training(data),
      facets: runTags({
        sagemakerJob: textOf(data['jobName']),
        billableSeconds: textOf(data['billableSeconds']),
        ...metricTags(data['metrics']),
      }),
      outputs: [
        {
          ...modelOf(telling, data['model'], data['modelVersion'], data['artifact']),
          outputFacets: outputStatistics({ size: numberOf(objectOf(data['artifact'])['bytes']) }),
        },
      ],
    }),
  ],
  TrainingFailed: (data, telling) => [
    runEvent(telling, 'FAIL', {
      ...training(data),
      facets: errorFacet(`${textOf(data['step'])}: ${textOf(data['error'])}: ${textOf(data['cause'])}`),
    }),
  ],
  EvaluationCompleted: evaluated((data) => textOf(data['trainingId'])),
  ModelVersionEvaluated: evaluated((data) => textOf(data['releaseId'])),
  ModelVersionCreated: (data, telling) => [
    runEvent(telling, 'START', {
      ...registration(data),
      facets: runTags({ source: textOf(data['source']), createdBy: textOf(data['createdBy']) }),
    }),
  ],
  ModelVersionRegistered: (data, telling) =>
    data['origin'] === 'client' ? recorded(data, telling) : trained(data, telling),
  ModelVersionQuarantined: (data, telling) => [
    datasetEvent(
      telling,
      withFacets(modelOf(telling, data['model'], data['modelVersion']), {
        ...lifecycleFacet('ALTER'),
        ...datasetTags({ quarantined: 'true', reason: textOf(data['reason']) }),
      }),
    ),
  ],
  // An alias that was taken away and given to none stands in no facet: there is no version that it could be told of.
  ModelAliasMoved: (data, telling) =>
    data['isPrompt'] === true || !data['toVersion']
      ? []
      : [
          datasetEvent(
            telling,
            withFacets(
              modelOf(telling, data['model'], data['toVersion']),
              datasetTags({ alias: textOf(data['alias']), reason: textOf(data['reason']) }),
            ),
          ),
        ],
  RegisteredModelChanged: (data, telling) => {
    if (data['isPrompt'] === true) return [];
    const change = lifecycles[data['change'] as keyof typeof lifecycles] ?? 'ALTER';
    const { namespace, name } = modelOf(telling, data['formerName']);
    return [
      datasetEvent(
        telling,
        withFacets(modelOf(telling, data['model']), {
          ...lifecycleFacet(change, change === 'RENAME' ? { namespace, name } : undefined),
          ...(data['description'] ? documentationFacet(textOf(data['description'])) : {}),
        }),
      ),
    ];
  },
  PredictionBatchCaptured: (data, telling) => {
    const capture = objectOf(data['capture']);
    const figures = { rowCount: numberOf(data['count']), size: numberOf(capture['bytes']) };
    return wholeRun(telling, {
      job: 'prediction',
      id: telling.fact.eventId,
      inputs: [modelOf(telling, data['model'], data['modelVersion'])],
      outputs: [{ ...capturesOf(telling, 'predictions', capture), outputFacets: outputStatistics(figures) }],
    });
  },
  GroundTruthReceived: (data, telling) => {
    const labels = objectOf(data['labels']);
    const figures = { rowCount: numberOf(data['count']), size: numberOf(labels['bytes']) };
    return wholeRun(telling, {
      job: 'ground-truth',
      id: telling.fact.eventId,
      outputs: [{ ...capturesOf(telling, 'ground-truth', labels), outputFacets: outputStatistics(figures) }],
    });
  },
  DriftEvaluated: (data, telling) => {
    const tests = listOf(data['worst'])
      .map(objectOf)
      .map((score) => ({
        name: `drift of ${textOf(score['subject'])}`,
        status: score['drifted'] === true ? ('fail' as const) : ('pass' as const),
        severity: 'warn' as const,
        type: 'psi',
        actual: textOf(score['psi']),
      }));
    return watched(telling, 'drift', data, testsFacet(tests));
  },
  PerformanceMeasured: (data, telling) => {
    const verdict = textOf(data['verdict']);
    const status = verdict === 'Good' ? 'pass' : verdict === 'Degraded' ? 'fail' : 'skip';
    return watched(
      telling,
      'performance',
      data,
      testsFacet([{ name: 'performance', status, severity: 'warn', expected: 'Good', actual: verdict }]),
    );
  },
};
