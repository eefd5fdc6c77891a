import type { DriftEvaluation } from '../api/answers.ts';
import { figureText, percentText, wordsOf } from '../text/format.ts';
import { barsOf, type HistogramBar } from './histogram-bars.ts';

interface HistogramPictureProps {
  readonly subject: string;
  readonly psi: number;
  readonly histogram: DriftEvaluation['histograms'][string];
}

const width = 300;
const height = 96;

/** Reference and window side by side in each bin. */
export function HistogramPicture({ subject, psi, histogram }: HistogramPictureProps) {
  const bars = barsOf(histogram);
  const highest = Math.max(...bars.flatMap(({ reference, window }) => [reference, window]), 0.01);
  const step = width / Math.max(bars.length, 1);
  const ends = [bars[0]?.label, bars.at(-1)?.label];
  return (
    <figure>
      <figcaption>
        {wordsOf(subject)} <span class="muted figure">PSI {figureText(psi)}</span>
      </figcaption>
      <svg
        viewBox={`0 0 ${width} ${height + 1}`}
        role="img"
        aria-label={`${wordsOf(subject)}: shares of rows per bin, when the model learned and in this window`}
      >
        {bars.map((bar, index) => (
          <g key={bar.label}>
            <title>{`${bar.label}: ${percentText(bar.reference)} then, ${percentText(bar.window)} now`}</title>
            <Bar
              bar={bar}
              which="reference"
              left={index * step + step * 0.08}
              wide={step * 0.4}
              scale={height / highest}
            />
            <Bar
              bar={bar}
              which="window"
              left={index * step + step * 0.52}
              wide={step * 0.4}
              scale={height / highest}
            />
          </g>
        ))}
        <line x1={0} x2={width} y1={height + 0.5} y2={height + 0.5} class="axis" />
      </svg>
      <div class="ends muted" aria-hidden="true">
        <span>{ends[0]}</span>
        <span>{ends[1]}</span>
      </div>
    </figure>
  );
}

interface BarProps {
  readonly bar: HistogramBar;
  readonly which: 'reference' | 'window';
  readonly left: number;
  readonly wide: number;
  readonly scale: number;
}

function Bar({ bar, which, left, wide, scale }: BarProps) {
  const tall = bar[which] * scale;
  return <rect class={which} x={left} y={height - tall} width={wide} height={tall} />;
}
