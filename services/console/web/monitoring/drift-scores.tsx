import { useState } from 'preact/hooks';
import type { DriftEvaluation } from '../api/answers.ts';
import { Badge } from '../parts/marks.tsx';
import { Table } from '../parts/table.tsx';
import { figureText, pValueText, wordsOf } from '../text/format.ts';

type Score = DriftEvaluation['scores'][number];

/** More than this are shown on demand. */
const shownAtFirst = 10;

const tests: Readonly<Record<Score['test'], string>> = {
  kolmogorov_smirnov: 'Kolmogorov–Smirnov',
  chi_squared: 'chi-squared',
};

/** Every score of an evaluation, the largest first. */
export function DriftScores({ scores, threshold }: { scores: readonly Score[]; threshold: number }) {
  const [all, setAll] = useState(false);
  const rest = scores.length - shownAtFirst;
  return (
    <>
      <Table
        caption="Drift scores, largest first"
        rows={all ? scores : scores.slice(0, shownAtFirst)}
        keyOf={({ subject }) => subject}
        columns={[
          { title: 'Feature', cell: ({ subject }) => wordsOf(subject) },
          {
            title: `PSI (bound ${threshold})`,
            numeric: true,
            cell: ({ psi }) => figureText(psi),
          },
          { title: 'Test', cell: ({ test }) => tests[test] },
          { title: 'Statistic', numeric: true, cell: ({ statistic }) => figureText(statistic) },
          { title: 'p-value', numeric: true, cell: ({ pValue }) => pValueText(pValue) },
          { title: 'Moved', cell: ({ drifted }) => drifted && <Badge tone="bad">moved</Badge> },
        ]}
      />
      {rest > 0 && (
        <button type="button" onClick={() => setAll(!all)}>
          {all ? 'Show the largest only' : `Show ${rest} more`}
        </button>
      )}
    </>
  );
}
