import { durationText } from '#shared/kernel/duration.ts';
import { count, listOf, numberOf, objectOf, textOf } from './fact-text.ts';
import type { Fact } from './facts.ts';
import { done, failed, type Reading, running, type StepName } from './journey-step.ts';

const viewText = (data: Fact['data']): string =>
  `${textOf(data['view'])} version ${numberOf(data['version'])}`;
const writing = (data: Fact['data']): StepName => `materialization ${textOf(data['view'])}`;
const percent = (share: unknown): string => `${Number((numberOf(share) * 100).toPrecision(2))} %`;
const seconds = (value: unknown): string => durationText(Math.round(numberOf(value)));

/** What becomes of features, and how it ends or begins a step. */
export const featureReadings: Readonly<Record<string, Reading>> = {
  FeaturesDefined: (data) => {
    const added = [...listOf(data['views']), ...listOf(data['services'])]
      .map(objectOf)
      .filter(({ isNew }) => isNew === true)
      .map(({ view, service, version }) => `${textOf(view ?? service)} version ${numberOf(version)}`);
    return added.length === 0
      ? []
      : [done('features', `revision ${numberOf(data['projectRevision'])} declares ${added.join(', ')}`)];
  },
  MaterializationRequested: (data) => [
    running(
      writing(data),
      `version ${numberOf(data['version'])}, ${textOf(data['mode'])} (${textOf(data['occasion'])})`,
    ),
  ],
  FeaturesMaterialized: (data) => [
    {
      ...done(
        writing(data),
        `version ${numberOf(data['version'])}: ${count(data['put'], 'value')} written, ${numberOf(data['deleted'])} deleted${numberOf(data['skipped']) > 0 ? `, ${numberOf(data['skipped'])} newer already` : ''}`,
      ),
      again: true,
    },
  ],
  MaterializationFailed: (data) => [failed(writing(data), textOf(data['failure']))],
  HistoricalFeaturesRequested: (data) => [running('retrieval', `retrieval ${textOf(data['retrievalId'])}`)],
  HistoricalFeaturesRetrieved: (data) => [
    done(
      'retrieval',
      `${count(data['rows'], 'row')} of ${count(listOf(data['views']).length, 'view')} as known at ${textOf(data['asOf'])}`,
    ),
  ],
  HistoricalFeaturesFailed: (data) => [failed('retrieval', textOf(data['failure']))],
  FeatureFreshnessBreached: (data) => [
    failed(
      'freshness',
      `${viewText(data)} is ${data['newestEventAt'] ? `${seconds(data['lagSeconds'])} old online` : 'empty online'}; ${seconds(data['maxLagSeconds'])} are allowed`,
    ),
  ],
  FeatureFreshnessRestored: (data) => [
    {
      ...done('freshness', `${viewText(data)} is ${seconds(data['lagSeconds'])} old online again`),
      again: true,
    },
  ],
  // A look that finds nothing is no story.
  TrainingServingSkewDetected: (data) => {
    const worst = listOf(data['features'])
      .map(objectOf)
      .slice(0, 3)
      .map(({ feature, mismatchRate }) => `${textOf(feature)} ${percent(mismatchRate)}`);
    return [
      failed(
        'skew',
        `${textOf(data['service'])} version ${numberOf(data['version'])}: served otherwise than training would have seen it: ${worst.join(', ')} of ${count(data['inferences'], 'prediction')} (${percent(data['maxMismatchRate'])} are allowed)`,
      ),
    ];
  },
  FeatureErasureRequested: (data) => [
    running(
      'feature_erasure',
      `${count(data['keys'], 'key')} of ${textOf(data['entity'])}: ${textOf(data['reason'])}`,
    ),
  ],
  CapturesErased: (data) => [
    done(
      'captures_erasure',
      `${count(data['predictionsErased'], 'prediction')} erased from ${count(data['filesRewritten'], 'file')}`,
    ),
  ],
  FeatureErasureCompleted: (data) => [
    done(
      'feature_erasure',
      `${count(data['onlineValuesDeleted'], 'online value')}, ${count(data['recordsErased'], 'record')} and ${count(data['predictionsErased'], 'prediction')} of ${textOf(data['entity'])} erased`,
    ),
  ],
};

/** What began a journey, where it began with a fact about features. */
export function featureCauseOf({ name, data, actor }: Fact): string | undefined {
  switch (name) {
    case 'FeaturesDefined':
      return `Features of revision ${numberOf(data['projectRevision'])}`;
    case 'MaterializationRequested':
      return `Materialization of ${textOf(data['view'])} (${textOf(data['occasion'])})`;
    case 'HistoricalFeaturesRequested':
      return `Historical features asked for by ${actor}`;
    case 'FeatureFreshnessBreached':
      return `Freshness of ${textOf(data['view'])}`;
    case 'TrainingServingSkewDetected':
      return `Serving skew of ${textOf(data['service'])}`;
    case 'FeatureErasureRequested':
      return `Erasure of ${textOf(data['entity'])} asked for by ${actor}`;
    default:
      return undefined;
  }
}
