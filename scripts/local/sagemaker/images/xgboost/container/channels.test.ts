import { describe, expect, it } from 'vitest';
import { checkChannels } from './channels.ts';

describe('checkChannels', () => {
  it.each(['text/csv', 'csv', 'text/csv; label_size=1', 'TEXT/CSV;charset=utf8'])(
    'accepts %s',
    (ContentType) => {
      expect(checkChannels({ train: { ContentType }, validation: { ContentType } })).toEqual({
        validation: true,
      });
    },
  );

  it.each([
    [{}, 'Missing required channel: train'],
    [{ train: {} }, "ContentType 'text/libsvm (the default)' is not implemented"],
    [{ train: { ContentType: 'application/x-parquet' } }, 'set ContentType to text/csv'],
    [{ train: { ContentType: 'text/csv;label_size=0' } }, 'label_size must be 1'],
    [
      { train: { ContentType: 'text/csv' }, code: { ContentType: 'text/python' } },
      'Extraneous channel found: code',
    ],
    [
      { train: { ContentType: 'text/csv', TrainingInputMode: 'Pipe' } },
      'TrainingInputMode Pipe is not implemented',
    ],
  ])('refuses %j', (document, message) => {
    expect(() => checkChannels(document)).toThrow(message);
  });
});
