import { describe, expect, it } from 'vitest';
import { volumeKey } from './volume-key.ts';

const key = 'arn:aws:kms:eu-central-1:123456789012:key/k';

describe('the key of an instance’s volume', () => {
  it.each(['ml.m5.large', 'ml.c5n.xlarge', 'ml.m6g.large', 'ml.t3.medium', 'ml.p3.2xlarge', 'ml.r5.large'])(
    'is named for %s',
    (instanceType) => expect(volumeKey(key, instanceType)).toBe(key),
  );

  it.each([
    'ml.m5d.large',
    'ml.c6gd.xlarge',
    'ml.g4dn.xlarge',
    'ml.g5.xlarge',
    'ml.g6e.xlarge',
    'ml.p4d.24xlarge',
  ])('is left out for %s, whose local storage is encrypted by hardware', (instanceType) =>
    expect(volumeKey(key, instanceType)).toBeUndefined(),
  );

  it('is none where the stage has none', () => expect(volumeKey(undefined, 'ml.m5.large')).toBeUndefined());
});
