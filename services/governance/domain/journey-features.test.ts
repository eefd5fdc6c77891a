import { describe, expect, it } from 'vitest';
import { featureSamples } from '#events/samples/features.ts';
import { factName } from './facts.ts';
import { journeyOf } from './journey.ts';

const facts = featureSamples.map(({ detailType, detail: { metadata, data } }) => ({
  eventId: metadata.eventId,
  name: factName(detailType),
  occurredAt: metadata.occurredAt,
  project: metadata.project,
  correlationId: metadata.correlationId,
  actor: metadata.actor.id,
  data: data as Record<string, unknown>,
}));
const told = (correlationId: string, ...names: readonly string[]) => {
  const { cause, status, steps } = journeyOf(
    facts.filter(
      (fact) => fact.correlationId === correlationId && (names.length === 0 || names.includes(fact.name)),
    ),
  );
  return [cause, status, ...steps.map((step) => `${step.title}: ${step.status}: ${step.summary}`)];
};
const journeyOfName = (name: string) => facts.find((fact) => fact.name === name)!.correlationId;

describe('journeys of features', () => {
  it('tell of views that a revision declares and how they come online', () => {
    expect(told(journeyOfName('FeaturesDefined'))).toEqual([
      'Features of revision 2',
      'done',
      'Features: done: revision 2 declares scanner_hourly version 1, tumour_inputs version 1',
      'Online values of scanner_hourly: done: version 1: 12 values written, 0 deleted',
    ]);
    expect(told(journeyOfName('FeaturesDefined'), 'FeaturesDefined', 'MaterializationFailed')).toEqual([
      'Features of revision 2',
      'failed',
      expect.any(String),
      'Online values of scanner_hourly: failed: The table takes no more writes at the moment.',
    ]);
  });

  it('tell of a breach until it is over', () => {
    const journey = journeyOfName('FeatureFreshnessBreached');
    expect(told(journey, 'FeatureFreshnessBreached')).toEqual([
      'Freshness of scanner_hourly',
      'failed',
      'Freshness: failed: scanner_hourly version 1 is 125m old online; 2h are allowed',
    ]);
    expect(told(journey)).toEqual([
      'Freshness of scanner_hourly',
      'done',
      'Freshness: done: scanner_hourly version 1 is 2s old online again',
    ]);
  });

  it('tell of skew, with the worst features', () => {
    expect(told(journeyOfName('TrainingServingSkewDetected'), 'TrainingServingSkewDetected')).toEqual([
      'Serving skew of tumour_inputs',
      'failed',
      'Serving skew: failed: tumour_inputs version 1: served otherwise than training would have seen it: scans_1d 6.3 % of 480 predictions (1 % are allowed)',
    ]);
  });

  it('tell of an erasure on both sides', () => {
    expect(told(journeyOfName('FeatureErasureCompleted'))).toEqual([
      'Erasure of scanner asked for by ada',
      'done',
      'Erasure by key: done: 2 online values, 14 records and 3 predictions of scanner erased',
      'Captured predictions: done: 3 predictions erased from 2 files',
    ]);
  });
});
