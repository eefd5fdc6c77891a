import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { freeWhileIdle, paidWhileIdle } from '../../infra/laws/idle-cost.ts';
import { serviceStacks } from '../../infra/stacks/index.ts';
import { composeForTest } from '../../infra/testing/synthesize.ts';
import { billOf, total } from './bill.ts';
import { readMeasurements } from './measurements.ts';
import { readPriceTable } from './price-table.ts';
import { readProfile, shippedProfiles, type UsageProfile } from './profile.ts';
import { costKinds } from './resource-types.ts';
import { readStageFacts } from './stage-facts.ts';

const stages = ['dev', 'prod'] as const;
const measurements = readMeasurements();
const prices = readPriceTable('us-east-1');
const facts = new Map(
  stages.map((stage) => {
    const { directory } = composeForTest(stage, serviceStacks).synth();
    return [stage, readStageFacts(directory)];
  }),
);

const billOfStage = (stage: (typeof stages)[number], profile: UsageProfile) =>
  billOf({ facts: facts.get(stage)!, profile, measurements }, prices, { freeTier: false });
const idleItems = (stage: (typeof stages)[number]) => billOfStage(stage, readProfile('idle')).items;

/** Above this, rounds would no longer be cents. */
const maxHourlyRoundsUsd = 0.4;

describe('a stage that nobody uses', () => {
  it('pays in dev for what is stored, cents for the hourly rounds, and nothing else', () => {
    const items = idleItems('dev');
    const beyondStorage = items.filter(({ kind }) => kind !== 'storage');
    expect(new Set(beyondStorage.map(({ driver }) => driver))).toEqual(new Set(['Hourly rounds']));
    expect(total(beyondStorage)).toBeLessThan(maxHourlyRoundsUsd);
    expect(items.filter(({ kind }) => kind === 'storage').length).toBeGreaterThan(0);
  });

  it('pays in prod besides one alarm for each service, for each API, for the authorizer, for quarantined versions and for three troubles of features', () => {
    const items = idleItems('prod').filter(
      ({ kind, driver }) => kind !== 'storage' && driver !== 'Hourly rounds',
    );
    expect(items.map(({ price, quantity }) => [price, quantity])).toEqual([
      ['metrics.alarmMonth', serviceStacks.length + 7],
    ]);
  });

  it('pays what lies there, by the price of each kind of storage', () => {
    const profile = { ...readProfile('idle'), stored: { s3Gb: 100, tablesGb: 10 } };
    const stored = billOfStage('dev', profile).items.filter(({ driver }) => driver === 'Stored data');
    expect(total(stored)).toBeCloseTo(100 * 0.023 + 10 * (0.25 + 0.2));
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

describe('the guide on cost', () => {
  const guide = readFileSync(new URL('../../docs/guide/cost.md', import.meta.url), 'utf8');

  it.each(shippedProfiles())('says what $name costs', (profile) => {
    const row = new RegExp(`^\\| \`${profile.name}\` .*\\$([\\d,.]+) \\| +\\$([\\d,.]+) \\|$`, 'm').exec(
      guide,
    );
    const said = stages.map((_stage, n) => Number(row?.[n + 1]?.replaceAll(',', '')));
    const computed = stages.map((stage) => billOfStage(stage, profile).usd);
    // The code of the functions is not bundled here: that is less than a cent.
    const differences = said.map((amount, n) => Math.abs(amount - computed[n]!));
    for (const difference of differences) expect(difference).toBeLessThan(0.02);
  });
});
