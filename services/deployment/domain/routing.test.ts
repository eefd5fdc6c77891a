import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allTo, isRouted, primaryVersion, withCanary } from './routing.ts';

const version = (modelVersion: number, share: number) => ({
  model: 'tumour',
  modelVersion,
  share,
  endpointName: `e-${modelVersion}`,
  artifactSha256: String(modelVersion),
  signature: { task: 'regression' as const, inputs: [], target: 'y', classes: [] },
});
const { share: _none, ...canary } = version(9, 0);

describe('routing', () => {
  it('gives the first version all the traffic', () => {
    expect(withCanary([], canary, 0.1).map(({ modelVersion, share }) => [modelVersion, share])).toEqual([
      [9, 1],
    ]);
  });

  it('takes the canary’s share from the version that serves most', () => {
    expect(
      withCanary([version(1, 0.3), version(2, 0.7)], canary, 0.1).map(({ modelVersion, share }) => [
        modelVersion,
        share,
      ]),
    ).toEqual([
      [2, 0.9],
      [9, 0.1],
    ]);
  });

  it('always adds up to one and knows the canary', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.integer({ min: 1, max: 20 }), { maxLength: 4 }),
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        (numbers, share) => {
          const routed = withCanary(
            numbers.map((number) => version(number, 1 / numbers.length)),
            canary,
            share,
          );
          expect(routed.reduce((sum, entry) => sum + entry.share, 0)).toBeCloseTo(1, 12);
          expect(isRouted(routed, 9)).toBe(true);
        },
      ),
    );
  });

  it('sends all to one version', () => {
    expect(allTo(version(3, 0.2))[0]?.share).toBe(1);
    expect(primaryVersion(allTo(version(3, 0.2)))?.modelVersion).toBe(3);
  });
});
