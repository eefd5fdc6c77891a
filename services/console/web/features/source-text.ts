import type { AnswerOf } from '../api/operations.ts';

type Source = AnswerOf<'readFeatureView'>['featureView']['source'];

/** Where the rows of a view come from, and from when on they count as known. */
export function sourceText(source: Source): string {
  switch (source.type) {
    case 'dataset':
      return `dataset ${source.dataset}, known ${knownText(source)}`;
    case 'captures':
      return 'predictions of this project';
    case 'stream':
      return 'a stream of records';
  }
}

function knownText(source: Extract<Source, { type: 'dataset' }>): string {
  if (source.availabilityTimestamp !== undefined) return `from ${source.availabilityTimestamp} on`;
  if (source.availabilityDelaySeconds !== undefined)
    return `${source.availabilityDelaySeconds} s after ${source.eventTimestamp}`;
  return 'from its upload on';
}
