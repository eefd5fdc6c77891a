import { objectOf, textOf } from '../fact-text.ts';
import type { Fact } from '../facts.ts';
import { datasetTags, locationFacet, typeFacet, versionFacet } from './facets.ts';
import type { Dataset, Facets, Telling } from './parts.ts';

/**
 * Datasets have the names that S3 gives them: the bucket is the namespace, what the keys of all versions begin with is the name.
 * The version stands in its facet, the object of it among the symlinks.
 */
const inBucket = (bucket: string, name: string, facets: Facets = {}): Dataset => ({
  namespace: `s3://${bucket}`,
  name,
  facets: { ...typeFacet('FILE'), ...facets },
});

export const uploadedObject = (source: Fact['data']): Dataset =>
  inBucket(
    textOf(source['bucket']),
    textOf(source['key']),
    source['versionId'] ? versionFacet(textOf(source['versionId'])) : {},
  );

export const datasetOf = ({ platform, fact }: Telling, version: unknown, project = fact.project): Dataset =>
  inBucket(platform.buckets.data, `datasets/${project}`, versionFacet(textOf(version)));

/** Rows that a validation passed, or held back. */
export const checkedRows = (
  { platform, fact }: Telling,
  part: 'validated' | 'quarantine',
  version: unknown,
  stored?: unknown,
  project = fact.project,
): Dataset =>
  inBucket(platform.buckets.data, `validation/${project}/${part}`, {
    ...versionFacet(textOf(version)),
    ...storedFacets(stored),
  });

export const trainingSetOf = ({ platform, fact }: Telling, trainingSetId?: unknown): Dataset =>
  inBucket(
    platform.buckets.data,
    `feature-store/${fact.project}`,
    trainingSetId ? versionFacet(textOf(trainingSetId)) : {},
  );

/** Training sets of features at given times, as people asked for them. */
export const retrievedSetOf = ({ platform, fact }: Telling, retrievalId: unknown, stored: unknown): Dataset =>
  inBucket(platform.buckets.data, `feature-store/${fact.project}/retrievals`, {
    ...versionFacet(textOf(retrievalId)),
    ...storedFacets(stored),
  });

/** The online values of a view; all its versions have the name. */
export const onlineValuesOf = ({ platform, fact }: Telling, view: unknown, version: unknown): Dataset => ({
  namespace: `millrace://${platform.stage}`,
  name: `${fact.project}.online.${textOf(view)}`,
  facets: versionFacet(textOf(version)),
});

export const reportOf = ({ platform, fact }: Telling, stored: unknown): Dataset =>
  inBucket(platform.buckets.data, `evaluations/${fact.project}`, {
    ...versionFacet(textOf(objectOf(stored)['sha256'])),
    ...storedFacets(stored),
  });

/** A registered model; one version of it where that is told. */
export const modelOf = (
  { platform }: Telling,
  model: unknown,
  version?: unknown,
  stored?: unknown,
): Dataset => ({
  namespace: `s3://${platform.buckets.models}`,
  name: `models/${textOf(model)}`,
  facets: {
    ...typeFacet('MODEL'),
    ...(version ? versionFacet(textOf(version)) : {}),
    ...storedFacets(stored),
  },
});

/** Predictions or labels as they were written down. */
export const capturesOf = (
  { platform, fact }: Telling,
  part: 'predictions' | 'ground-truth',
  stored?: unknown,
): Dataset =>
  inBucket(platform.buckets.captures, `${part}/${fact.project}`, {
    ...(stored ? versionFacet(textOf(objectOf(stored)['sha256'])) : {}),
    ...storedFacets(stored),
  });

function storedFacets(stored: unknown): Facets {
  const { uri, sha256 } = objectOf(stored);
  return uri ? { ...locationFacet(textOf(uri)), ...datasetTags({ sha256: textOf(sha256) }) } : {};
}

/** The same dataset with more facets. */
export const withFacets = (dataset: Dataset, facets: Facets): Dataset => ({
  ...dataset,
  facets: { ...dataset.facets, ...facets },
});
