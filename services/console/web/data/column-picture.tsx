import type { AnswerOf } from '../api/operations.ts';
import { timeText, valueText } from '../text/format.ts';

type ColumnProfile = AnswerOf<'readProfile'>['columns'][number];

const width = 300;
const height = 72;
/** Most frequent values that are drawn. */
const shownValues = 6;

/** A histogram of numbers and times, bars of the most frequent values of anything else. */
export function ColumnPicture({ column }: { column: ColumnProfile }) {
  if (column.histogram && column.histogram.counts.length > 0) return <Histogram column={column} />;
  if (column.topValues && column.topValues.length > 0) return <TopValues column={column} />;
  return <p class="muted">{column.sensitive ? 'Masked: the column is sensitive.' : 'No values to draw.'}</p>;
}

function Histogram({ column: { name, type, histogram } }: { column: ColumnProfile }) {
  const { edges, counts } = histogram!;
  const highest = Math.max(...counts, 1);
  const step = width / counts.length;
  const edgeText = (edge: number | undefined) =>
    edge === undefined
      ? ''
      : type === 'timestamp'
        ? timeText(new Date(edge * 1000).toISOString())
        : valueText(edge);
  return (
    <>
      <svg viewBox={`0 0 ${width} ${height + 1}`} role="img" aria-label={`How often values of ${name} come`}>
        {counts.map((count, index) => {
          const tall = (count / highest) * height;
          return (
            <rect
              key={index}
              class="window"
              x={index * step + step * 0.06}
              y={height - tall}
              width={step * 0.88}
              height={tall}
            >
              <title>{`${edgeText(edges[index])} to ${edgeText(edges[index + 1])}: ${count.toLocaleString('en')}`}</title>
            </rect>
          );
        })}
        <line x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} class="axis" />
      </svg>
      <div class="ends muted" aria-hidden="true">
        <span>{edgeText(edges[0])}</span>
        <span>{edgeText(edges.at(-1))}</span>
      </div>
    </>
  );
}

function TopValues({ column: { name, topValues, values } }: { column: ColumnProfile }) {
  const shown = topValues!.slice(0, shownValues);
  return (
    <ul class="top-values" aria-label={`Most frequent values of ${name}`}>
      {shown.map(({ value, count }) => (
        <li key={value}>
          <code title={value}>{value}</code>
          <meter min={0} max={Math.max(values, 1)} value={count} />
          <span class="figure">{count.toLocaleString('en')}</span>
        </li>
      ))}
    </ul>
  );
}
