import { listOf, numberOf, objectOf, textOf } from '../fact-text.ts';
import { checkedRows, datasetOf, trainingSetOf, uploadedObject, withFacets } from './datasets.ts';
import {
  assertionsFacet,
  datasetTags,
  errorFacet,
  identityLineage,
  lifecycleFacet,
  locationFacet,
  outputStatistics,
  ownersFacet,
  parametersFacet,
  rowsFacet,
  runTags,
  schemaFacet,
} from './facets.ts';
import { datasetEvent, jobEvent, type Reading, runEvent, wholeRun } from './parts.ts';

const columnsOf = (columns: unknown) =>
  listOf(columns)
    .map(objectOf)
    .map((column) => ({ name: textOf(column['name']), type: textOf(column['type']) }));

const created: Reading = (data, telling) => {
  const source = objectOf(data['source']);
  const restored = data['restoredFrom'];
  // A restored version has nothing of the one before it.
  const parent = restored ? undefined : data['parentVersion'];
  const version = withFacets(datasetOf(telling, data['datasetVersion']), {
    ...schemaFacet(columnsOf(data['columns'])),
    // An append goes on from its parent; any other upload replaces what was current.
    ...lifecycleFacet(parent ? 'ALTER' : numberOf(data['datasetVersion']) === 1 ? 'CREATE' : 'OVERWRITE'),
    ...datasetTags({ sha256: textOf(data['contentSha256']), uploadedBy: telling.fact.actor }),
    ...locationFacet(textOf(objectOf(data['manifest'])['uri'])),
  });
  const figures = { rowCount: numberOf(data['rows']), size: numberOf(data['bytes']) };
  return wholeRun(telling, {
    job: 'intake',
    id: telling.fact.eventId,
    inputs: restored
      ? [datasetOf(telling, restored)]
      : [uploadedObject(source), ...(parent ? [datasetOf(telling, parent)] : [])],
    outputs: [{ ...version, outputFacets: outputStatistics(figures) }],
  });
};

const validated: Reading = (data, telling) => {
  const version = data['datasetVersion'];
  const failed = data['verdict'] === 'Fail';
  const checked = {
    ...datasetOf(telling, version),
    inputFacets: { ...rowsFacet(numberOf(data['rows'])), ...assertionsFacet(data) },
  };
  const referenced = listOf(data['referenced'])
    .map(objectOf)
    .map((other) =>
      datasetOf(telling, other['datasetVersion'], textOf(other['project']) || telling.fact.project),
    );
  const rows = (part: 'validated' | 'quarantine', count: unknown) => ({
    ...checkedRows(telling, part, version, data[part]),
    outputFacets: outputStatistics({
      rowCount: numberOf(count),
      size: numberOf(objectOf(data[part])['bytes']),
    }),
  });
  const findings = listOf(data['findings']).map(objectOf);
  const reasons = findings.map((finding) =>
    `${textOf(finding['column'])} ${textOf(finding['check'])}: ${textOf(finding['observed'])}, expected ${textOf(finding['expected'])}`.trim(),
  );
  return wholeRun(
    telling,
    {
      job: 'validation',
      // A version may be checked again: against a later contract, or after rows were released from quarantine.
      id: telling.fact.eventId,
      facets: {
        ...runTags({
          verdict: textOf(data['verdict']),
          occasion: textOf(data['occasion']),
          projectRevision: textOf(data['projectRevision']),
          report: textOf(objectOf(data['report'])['uri']),
        }),
        ...(failed ? errorFacet(reasons.join('; ') || 'The contract was not met.') : {}),
      },
      inputs: [checked, ...referenced],
      outputs: [
        ...(data['validated'] ? [rows('validated', data['validRows'])] : []),
        ...(data['quarantine'] ? [rows('quarantine', data['quarantinedRows'])] : []),
      ],
    },
    failed ? 'FAIL' : 'COMPLETE',
  );
};

const trainingSetBuilt: Reading = (data, telling) => {
  const rows = objectOf(data['rows']);
  const features = listOf(data['featureNames']).map(textOf);
  const from = checkedRows(telling, 'validated', data['datasetVersion']);
  const set = withFacets(trainingSetOf(telling, data['trainingSetId']), {
    ...schemaFacet(features.map((name) => ({ name }))),
    ...identityLineage(features, from),
    ...datasetTags({ sha256: textOf(data['contentSha256']) }),
  });
  const rowCount = numberOf(rows['train']) + numberOf(rows['validation']) + numberOf(rows['test']);
  return wholeRun(telling, {
    job: 'training-set',
    id: textOf(data['trainingSetId']),
    facets: parametersFacet({
      asOf: data['asOf'],
      trainRows: rows['train'],
      validationRows: rows['validation'],
      testRows: rows['test'],
    }),
    inputs: [from],
    outputs: [{ ...set, outputFacets: outputStatistics({ rowCount }) }],
  });
};

/** Facts of projects, datasets, validation and feature store. */
export const dataReadings: Readonly<Record<string, Reading>> = {
  ProjectApplied: (data, telling) => [jobEvent(telling, 'journey', ownersFacet(data['owners']))],
  DatasetVersionCreated: created,
  DatasetVersionRejected: (data, telling) => {
    const reasons = listOf(data['reasons'])
      .map(objectOf)
      .map((reason) => `${textOf(reason['code'])}: ${textOf(reason['message'])}`);
    return wholeRun(
      telling,
      {
        job: 'intake',
        id: telling.fact.eventId,
        facets: errorFacet(reasons.join('; ')),
        inputs: [uploadedObject(objectOf(data['source']))],
      },
      'FAIL',
    );
  },
  DatasetVersionExpired: (data, telling) => [
    datasetEvent(
      telling,
      withFacets(datasetOf(telling, data['datasetVersion']), {
        ...lifecycleFacet('ALTER'),
        ...datasetTags({ expired: 'true', removedBytes: textOf(data['removedBytes']) }),
      }),
    ),
  ],
  DatasetErasureRequested: (data, telling) => [
    runEvent(telling, 'START', { job: 'erasure', id: textOf(data['erasureId']) }),
  ],
  DatasetErasureCompleted: (data, telling) => [
    runEvent(telling, 'COMPLETE', {
      job: 'erasure',
      id: textOf(data['erasureId']),
      facets: runTags({
        rowsErased: textOf(data['rowsErased']),
        certificate: textOf(objectOf(data['certificate'])['uri']),
      }),
      outputs: listOf(data['versions'])
        .map(objectOf)
        .map((version) =>
          withFacets(datasetOf(telling, version['datasetVersion']), {
            ...lifecycleFacet('ALTER'),
            ...datasetTags({ sha256: textOf(version['contentSha256']) }),
            ...locationFacet(textOf(objectOf(version['manifest'])['uri'])),
          }),
        ),
    }),
  ],
  DatasetTagMoved: (data, telling) =>
    data['datasetVersion']
      ? [
          datasetEvent(
            telling,
            withFacets(datasetOf(telling, data['datasetVersion']), datasetTags({ tag: textOf(data['tag']) })),
          ),
        ]
      : [],
  ValidationCompleted: validated,
  TrainingSetBuilt: trainingSetBuilt,
};
