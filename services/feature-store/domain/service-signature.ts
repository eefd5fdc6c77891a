import type { FeatureServiceVersion, JoinKey } from '../contract/definitions.ts';
import type { TrainingSet } from '../contract/training-set.ts';

/** The join keys of a service's views, once each, in the order of the views. */
export const joinKeysOf = ({ views }: FeatureServiceVersion): JoinKey[] => [
  ...new Map(views.flatMap(({ joinKeys }) => joinKeys.map((key) => [key.name, key]))).values(),
];

/** What a model keeps of the service version that it was trained with. */
export const servicePin = (
  service: FeatureServiceVersion,
): NonNullable<TrainingSet['signature']['featureService']> => ({
  service: service.service,
  version: service.version,
  joinKeys: joinKeysOf(service),
});
