export interface CsvDialect {
  readonly delimiter: string;
  readonly quote: string;
}

/** In the order of preference where a text can be read with several alike. */
const delimiters = [',', ';', '\t', '|'] as const;
const quotes = ['"', "'"] as const;
/** Records that are looked at. */
const maxRecords = 1000;

/**
 * Delimiter and quote of a CSV text: those with which most of its first records have as many values as the first, and at least two.
 * What the project's settings name is taken as it is. `isCut` says that the text ends somewhere in a record.
 */
export function detectDialect(text: string, isCut: boolean, settings: Partial<CsvDialect> = {}): CsvDialect {
  let best: { dialect: CsvDialect; score: number } | undefined;
  for (const quote of settings.quote === undefined ? quotes : [settings.quote]) {
    for (const delimiter of settings.delimiter === undefined ? delimiters : [settings.delimiter]) {
      const counts = valueCounts(text, { delimiter, quote });
      if (isCut && counts.length > 1 && counts.length < maxRecords) counts.pop();
      const score = scoreOf(counts);
      if (best === undefined || score > best.score) best = { dialect: { delimiter, quote }, score };
    }
  }
  return best!.dialect;
}

/** Agreement counts first, then the number of values; a text of one value a record can be read with any delimiter. */
function scoreOf(counts: readonly number[]): number {
  const [header = 0] = counts;
  if (header < 2) return 0;
  const agreeing = counts.filter((count) => count === header).length / counts.length;
  return Math.round(agreeing * 1000) + header / 1e6;
}

/** Values per record as RFC 4180 reads them; empty lines are none. */
function valueCounts(text: string, { delimiter, quote }: CsvDialect): number[] {
  const counts: number[] = [];
  let values = 1;
  let isQuoted = false;
  let isAtStart = true;
  let isEmpty = true;
  for (let index = 0; index < text.length && counts.length < maxRecords; index++) {
    const character = text[index]!;
    if (isQuoted) {
      if (character === quote) isQuoted = false;
      continue;
    }
    if (character === '\n' || (character === '\r' && text[index + 1] !== '\n')) {
      if (!isEmpty) counts.push(values);
      values = 1;
      isAtStart = true;
      isEmpty = true;
      continue;
    }
    if (character !== '\r') isEmpty = false;
    if (character === delimiter) values++;
    // A doubled quote within a quoted value closes it and opens it again.
    else if (character === quote && (isAtStart || text[index - 1] === quote)) isQuoted = true;
    isAtStart = character === delimiter;
  }
  if (!isEmpty) counts.push(values);
  return counts;
}
