import { describe, expect, it } from 'vitest';
import { createFaults, faultPlan, faultsFromEnvironment } from './index.ts';

const keys = Array.from({ length: 1000 }, (_, index) => `key-${index}`);

describe('createFaults', () => {
  it('delivers every fact once at once where the plan is silent', () => {
    const faults = createFaults(faultPlan.parse({}));
    expect(keys.every((key) => faults.deliveries('bus', key).join() === '0')).toBe(true);
    faults.beforeCall('dynamodb', 'PutItem');
  });

  it('duplicates, drops and delays about as often as planned, and the same facts each time', () => {
    const plan = faultPlan.parse({ seed: 3, bus: { duplicate: 0.3, drop: 0.1, delay: 0.5, delayMs: 100 } });
    const fates = keys.map((key) => createFaults(plan).deliveries('bus', key));
    const share = (wanted: (fate: readonly number[]) => boolean) =>
      fates.filter(wanted).length / fates.length;
    expect(share((fate) => fate.length === 0)).toBeCloseTo(0.1, 1);
    expect(share((fate) => fate.length === 2)).toBeCloseTo(0.3 * 0.9, 1);
    expect(share((fate) => (fate[0] ?? 0) > 0)).toBeCloseTo(0.5 * 0.9, 1);
    expect(Math.max(...fates.flat())).toBeLessThanOrEqual(200);
    expect(keys.map((key) => createFaults(plan).deliveries('bus', key))).toEqual(fates);
  });

  it('throttles a service or one of its actions', () => {
    const faults = createFaults(faultPlan.parse({ throttle: { 'dynamodb:PutItem': 1, s3: 1, dynamodb: 0 } }));
    expect(() => faults.beforeCall('dynamodb', 'PutItem')).toThrow('Rate exceeded');
    expect(() => faults.beforeCall('s3', 'GET /')).toThrow('Rate exceeded');
    faults.beforeCall('dynamodb', 'GetItem');
  });
});

describe('faultsFromEnvironment', () => {
  it.each([
    ['not json', 'MILLRACE_FAULTS is not JSON'],
    ['{"buss":{}}', 'MILLRACE_FAULTS is not a fault plan'],
    ['{"bus":{"drop":2}}', 'MILLRACE_FAULTS is not a fault plan'],
  ])('refuses %s', (text, message) => {
    expect(() => faultsFromEnvironment(text)).toThrow(message);
  });
});
