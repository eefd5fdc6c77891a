import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeAssembly } from '../local/testing/write-assembly.ts';
import { priceOf, readPriceTable } from './price-table.ts';
import { readProfile, shippedProfiles } from './profile.ts';
import { readStageFacts } from './stage-facts.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'millrace-cost-test-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A cloud assembly of one stack with these resources. */
function assemblyOf(resources: Record<string, object>): string {
  const dir = mkdtempSync(path.join(folder, 'assembly-'));
  writeAssembly(dir, { 'Millrace-dev-bus': { template: { Resources: resources } } });
  return dir;
}
const group = { Type: 'AWS::Logs::LogGroup', Properties: { RetentionInDays: 14 } };

describe('the facts of a stage', () => {
  it('count each metric that an alarm watches, also in expressions', () => {
    const onMetric = { Type: 'AWS::CloudWatch::Alarm', Properties: { MetricName: 'Errors' } };
    const onExpression = {
      Type: 'AWS::CloudWatch::Alarm',
      Properties: { Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] },
    };
    expect(readStageFacts(assemblyOf({ onMetric, onExpression, group })).alarmMetrics).toBe(3);
  });

  it.each([
    ['rate(60 minutes)', 730],
    ['rate(1 hour)', 730],
    ['rate(1 day)', 730 / 24],
  ])('take %s for so many calls a month', (ScheduleExpression, perMonth) => {
    const schedule = {
      Type: 'AWS::Scheduler::Schedule',
      Properties: { Name: 'millrace-dev-a-every-hour', ScheduleExpression },
    };
    const { schedules } = readStageFacts(assemblyOf({ schedule, group }));
    expect(schedules).toEqual([{ target: 'a-every-hour', perMonth }]);
  });

  it('have the memory of each function, and the storage that is paid', () => {
    const fn = {
      Type: 'AWS::Lambda::Function',
      Properties: {
        FunctionName: 'millrace-dev-a-http',
        MemorySize: 1024,
        EphemeralStorage: { Size: 2560 },
        Code: { S3Key: 'k' },
      },
    };
    expect(readStageFacts(assemblyOf({ fn, group })).functions).toEqual({
      'a-http': { memoryGb: 1, extraStorageGb: 2 },
    });
  });

  it('are not told when nobody knows what a resource costs', () => {
    const gateway = { Type: 'AWS::EC2::NatGateway' };
    expect(() => readStageFacts(assemblyOf({ gateway, group }))).toThrow(
      /What AWS::EC2::NatGateway costs is not known: .*resource-types.ts/,
    );
  });
});

describe('a usage profile', () => {
  it('is zero where it says nothing', () => {
    const file = path.join(folder, 'own.json');
    writeFileSync(file, '{ "readsPerMonth": 3 }');
    expect(readProfile(file)).toMatchObject({ name: 'own', readsPerMonth: 3, uploads: { perMonth: 0 } });
  });

  it('is refused with the member that is wrong', () => {
    const file = path.join(folder, 'wrong.json');
    writeFileSync(file, '{ "uplaods": { "perMonth": 3 } }');
    expect(() => readProfile(file)).toThrow(/wrong.json is not a usage profile: .*uplaods/);
  });

  it('that is not there is answered with those that are', () => {
    const names = shippedProfiles().map(({ name }) => name);
    expect(() => readProfile('tiny')).toThrow(`'tiny' is neither a profile (${names.join(', ')})`);
  });
});

describe('the price table', () => {
  it('has a source for each price, and a note for each that is assumed', () => {
    const { prices } = readPriceTable('us-east-1');
    for (const { source, basis, note } of Object.values(prices)) {
      expect(new URL(source).hostname).toBe('aws.amazon.com');
      if (basis === 'assumed') expect(note).toBeTruthy();
    }
  });

  it('says which regions there are', () => {
    expect(() => readPriceTable('mars-1')).toThrow(/no prices of the region 'mars-1', only of us-east-1/);
  });

  it('says which price is missing', () => {
    const instance = 'sagemaker.instanceHour.ml.x9.huge';
    expect(() => priceOf(readPriceTable('us-east-1'), instance)).toThrow(
      /'sagemaker.instanceHour.ml.x9.huge' is missing/,
    );
  });
});
