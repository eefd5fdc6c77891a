import { describe, expect, it } from 'vitest';
import { freeWhileIdle, paidWhileIdle } from '../../infra/laws/idle-cost.ts';
import { serviceStacks } from '../../infra/stacks/index.ts';
import { composeForTest } from '../../infra/testing/synthesize.ts';
import { billOf, total } from './bill.ts';
import { readMeasurements } from './measurements.ts';
import { readPriceTable } from './price-table.ts';
import { readProfile } from './profile.ts';
import { costKinds } from './resource-types.ts';
import { readStageFacts } from './stage-facts.ts';

const measurements = readMeasurements();
const prices = readPriceTable('us-east-1');
const profile = readProfile('idle');

const idleBill = (stage: string) => {
  const { directory } = composeForTest(stage, serviceStacks).synth();
  return billOf({ facts: readStageFacts(directory), profile, measurements }, prices, { freeTier: false })
    .items;
};
const bills = new Map(['dev', 'prod'].map((stage) => [stage, idleBill(stage)]));

/** Above this, hourly rounds would have to be named among what an idle stage costs in whole cents. */
const maxHourlyRoundsUsd = 0.1;

describe('a stage that nobody uses', () => {
  it.each(['dev', 'prod'])('pays in %s for what is stored, and cents for the hourly rounds', (stage) => {
    const beyondStorage = bills
      .get(stage)!
      .filter(({ kind, driver }) => kind !== 'storage' && driver !== 'Alarms' && driver !== 'Hourly rounds');
    expect(beyondStorage).toEqual([]);
    const rounds = bills.get(stage)!.filter(({ driver }) => driver === 'Hourly rounds');
    expect(total(rounds)).toBeLessThan(maxHourlyRoundsUsd);
    expect(total(rounds)).toBeGreaterThan(0);
  });

  it('pays nothing for alarms in dev', () => {
    expect(bills.get('dev')!.filter(({ driver }) => driver === 'Alarms')).toEqual([]);
  });

  it('pays in prod one alarm for each service, for the API and for the authorizer', () => {
    const alarms = bills.get('prod')!.filter(({ driver }) => driver === 'Alarms');
    expect(alarms.map(({ quantity }) => quantity)).toEqual([serviceStacks.length + 2]);
  });
});

describe('the law on idle cost and the bill', () => {
  it('know the same resource types', () => {
    const lawful = [...freeWhileIdle, ...Object.keys(paidWhileIdle)].sort();
    expect(Object.keys(costKinds).sort()).toEqual(lawful);
  });

  it('agree on which are paid while they exist', () => {
    const standing = Object.keys(costKinds).filter((type) => costKinds[type] === 'standing');
    expect(standing.sort()).toEqual(Object.keys(paidWhileIdle).sort());
  });
});
