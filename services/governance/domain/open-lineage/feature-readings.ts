import { listOf, numberOf, objectOf, textOf } from '../fact-text.ts';
import { checkedRows, onlineValuesOf, retrievedSetOf, withFacets } from './datasets.ts';
import { datasetTags, errorFacet, outputStatistics, parametersFacet } from './facets.ts';
import { type Reading, type RunPart, runEvent } from './parts.ts';

const viewsText = (views: unknown): string =>
  listOf(views)
    .map(objectOf)
    .map((view) => `${textOf(view['view'])}:${numberOf(view['version'])}`)
    .join(', ');

const retrieval = (data: Readonly<Record<string, unknown>>, rest: Partial<RunPart> = {}): RunPart => ({
  job: 'retrieval',
  id: textOf(data['retrievalId']),
  ...rest,
});

const retrieved: Reading = (data, telling) => {
  const set = withFacets(
    retrievedSetOf(telling, data['retrievalId'], data['data']),
    datasetTags({ sha256: textOf(data['contentSha256']), trainingSetId: textOf(data['trainingSetId']) }),
  );
  const figures = { rowCount: numberOf(data['rows']), size: numberOf(objectOf(data['data'])['bytes']) };
  return [
    runEvent(
      telling,
      'COMPLETE',
      retrieval(data, {
        facets: parametersFacet({ asOf: data['asOf'], views: viewsText(data['views']) }),
        inputs: listOf(data['datasets'])
          .map(objectOf)
          .map((dataset) =>
            checkedRows(
              telling,
              'validated',
              dataset['datasetVersion'],
              undefined,
              textOf(dataset['project']),
            ),
          ),
        outputs: [{ ...set, outputFacets: outputStatistics(figures) }],
      }),
    ),
  ];
};

const materialization = (data: Readonly<Record<string, unknown>>, rest: Partial<RunPart> = {}): RunPart => ({
  job: 'materialization',
  id: textOf(data['materializationId']),
  ...rest,
});

const materialized: Reading = (data, telling) => {
  const values = onlineValuesOf(telling, data['view'], data['version']);
  const { dataset, datasetVersion } = data;
  return [
    runEvent(
      telling,
      'COMPLETE',
      materialization(data, {
        facets: parametersFacet({
          asOf: data['asOf'],
          put: data['put'],
          deleted: data['deleted'],
          skipped: data['skipped'],
        }),
        inputs:
          dataset && datasetVersion
            ? [checkedRows(telling, 'validated', datasetVersion, undefined, textOf(dataset))]
            : [],
        outputs: [{ ...values, outputFacets: outputStatistics({ rowCount: numberOf(data['entities']) }) }],
      }),
    ),
  ];
};

/** Facts of features: training sets that people asked for, and online values. */
export const featureReadings: Readonly<Record<string, Reading>> = {
  HistoricalFeaturesRequested: (data, telling) => [runEvent(telling, 'START', retrieval(data))],
  HistoricalFeaturesRetrieved: retrieved,
  HistoricalFeaturesFailed: (data, telling) => [
    runEvent(telling, 'FAIL', retrieval(data, { facets: errorFacet(textOf(data['failure'])) })),
  ],
  MaterializationRequested: (data, telling) => [
    // Above the first attempt it goes on: the run has begun.
    runEvent(telling, numberOf(data['attempt']) > 1 ? 'RUNNING' : 'START', materialization(data)),
  ],
  FeaturesMaterialized: materialized,
  MaterializationFailed: (data, telling) => [
    runEvent(telling, 'FAIL', materialization(data, { facets: errorFacet(textOf(data['failure'])) })),
  ],
};
