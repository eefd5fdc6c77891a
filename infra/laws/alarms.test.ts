import { describe, expect, it } from 'vitest';
import { type Resource, tags, violationsOf } from '../testing/breaches.ts';

const alarm = (properties: Record<string, unknown>): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmActions: ['topic'],
    OKActions: ['topic'],
    AlarmDescription: 'Something failed. Mend it.',
    TreatMissingData: 'notBreaching',
    Tags: tags,
    ...properties,
  },
});
const ofQueue = (logicalId: string) =>
  alarm({ Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': [logicalId, 'QueueName'] } }] });

describe('alarms', () => {
  it('keep the law when they reach somebody and say what to do', () => {
    expect(violationsOf({ A: alarm({}) })).toEqual([]);
  });

  it.each([
    ['nobody hears', { AlarmActions: [] }, 'it has no AlarmActions'],
    ['ends unheard', { OKActions: undefined }, 'it has no OKActions'],
    ['does not say what to do', { AlarmDescription: 'Something failed.' }, 'what happened and what to do'],
    ['is silent on missing data', { TreatMissingData: undefined }, 'what no data means'],
  ])('break it when one %s', (_name, properties, violation) => {
    expect(violationsOf({ A: alarm(properties) }).join('\n')).toContain(violation);
  });
});

describe('queues', () => {
  const queue: Resource = { Type: 'AWS::SQS::Queue' };

  it('keep the law when an alarm watches them', () => {
    expect(violationsOf({ Q: queue, A: ofQueue('Q') }).join('\n')).not.toContain('watched by no alarm');
  });

  it('break it when the alarm watches another', () => {
    expect(violationsOf({ Q: queue, A: ofQueue('Other') }).join('\n')).toContain('watched by no alarm');
  });
});
