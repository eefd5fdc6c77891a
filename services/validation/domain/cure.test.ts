import { describe, expect, it } from 'vitest';
import { cureOf } from './cure.ts';

const failed = { project: 'wine', datasetVersion: 3, uploads: 'append', lastGood: 1 } as const;

describe('the cure of a version that fails', () => {
  it('is the last good version and the corrected file, where uploads are added', () => {
    expect(cureOf(failed)).toContain(
      'npx millrace data restore wine 1 --reason "version 3 fails its checks"',
    );
    expect(cureOf(failed)).toContain('then upload the corrected file');
  });

  it('is the corrected file alone, where uploads take the place of the version', () => {
    expect(cureOf({ ...failed, uploads: 'replace' })).toBe(
      'Upload the corrected file: it takes the place of this version.',
    );
  });

  it('is a replacing upload, where no version was ever good', () => {
    expect(cureOf({ ...failed, lastGood: undefined })).toContain(
      'Set data.uploads of the project to replace',
    );
  });
});
