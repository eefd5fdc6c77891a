import { describe, expect, it } from 'vitest';
import { projectDefinition } from '#services/projects/contract.ts';
import { missingFeatures, sentTypes } from './predictions.ts';

const definition = (training: object) =>
  projectDefinition.parse({
    name: 'rides',
    owners: ['ada'],
    data: {
      primaryKey: 'ride_id',
      eventTime: 'at',
      columns: {
        ride_id: { type: 'string' },
        at: { type: 'timestamp' },
        driver_id: { type: 'string' },
        zone: { type: 'integer' },
        city: { type: 'string' },
        distance: { type: 'number' },
        weather: { type: 'string' },
        tipped: { type: 'integer' },
      },
    },
    target: { column: 'tipped', task: 'binary_classification' },
    excludeFeatures: ['driver_id', 'city', 'zone', 'weather'],
    features: {
      entities: { driver: { joinKeys: { driver_id: 'string' } }, place: { joinKeys: { zone: 'integer' } } },
      sources: { log: { type: 'dataset', dataset: 'drivers' } },
      featureViews: {
        stats: { entities: ['driver'], source: 'log', schema: { rating: 'number' } },
        demand: { entities: ['place'], source: 'log', schema: { open: 'number' } },
      },
      onDemandFeatureViews: {
        effort: {
          request: { weather: 'string' },
          views: ['demand'],
          features: { effort: { type: 'number', expression: 'open' } },
        },
      },
      featureServices: { own: { features: ['stats:rating'] }, all: { features: ['stats', 'effort'] } },
    },
    training,
  });
const sent = (training: object) => Object.fromEntries(sentTypes(definition(training)));

describe('the columns of a row that a prediction takes', () => {
  it('are the model’s', () => {
    expect(sent({})).toEqual({ distance: 'number' });
  });

  it('are also those that its feature service is asked with, though the model does not see them', () => {
    expect(sent({ featureService: 'own' })).toEqual({ distance: 'number', driver_id: 'string' });
    expect(sent({ featureService: 'all' })).toEqual({
      distance: 'number',
      driver_id: 'string',
      zone: 'integer',
      weather: 'string',
    });
  });
});

describe('what is said of predictions without features', () => {
  it('counts them by view and reason', () => {
    const features = { stats: 'NOT_FOUND' };
    expect(missingFeatures([{ features }, {}, { features }, { features: { stats: 'EXPIRED' } }])).toBe(
      'Of 4 predictions, some were made without features: stats (NOT_FOUND) in 2, stats (EXPIRED) in 1.',
    );
    expect(missingFeatures([{}])).toBeUndefined();
  });
});
