import { describe, expect, it } from 'vitest';
import { synthesize } from '../testing/synthesize.ts';
import { serviceStacks } from './index.ts';

const alarmsOf = (alarms: boolean) =>
  [...synthesize('dev', serviceStacks, { alarms }).values()].flatMap((template) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm')),
  );

describe('the alarms of a stage', () => {
  it('watch the dead letters of each service, the API, the authorizer, model versions and features, and tell the topic', () => {
    const alarms = alarmsOf(true);
    // Of features: freshness, skew, and records that wait in the queue.
    expect(alarms).toHaveLength(serviceStacks.length + 6);
    for (const { Properties } of alarms) {
      expect(JSON.stringify(Properties.AlarmActions)).toContain('millrace-dev-alarms');
    }
  });

  it('are not there where the stage does without, for each is paid by the month', () => {
    expect(alarmsOf(false)).toEqual([]);
  });
});
