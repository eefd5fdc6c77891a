import { compactText } from './chart-text.ts';
import type { Scale } from './scale.ts';

/** Room around what is drawn, in pixels. */
export const edge = { left: 52, right: 10, top: 8, bottom: 24 };

interface AxesProps {
  readonly xScale: Scale;
  readonly yScale: Scale;
  readonly width: number;
  readonly height: number;
  readonly xText: (tick: number) => string;
}

/** Lines across, with their values, and the values below. */
export function Axes({ xScale, yScale, width, height, xText }: AxesProps) {
  const floor = height - edge.bottom;
  return (
    <g class="axes">
      {yScale.ticks.map((tick) => (
        <g key={tick}>
          <line x1={edge.left} x2={width - edge.right} y1={yScale(tick)} y2={yScale(tick)} />
          <text x={edge.left - 6} y={yScale(tick) + 4} text-anchor="end">
            {compactText(tick)}
          </text>
        </g>
      ))}
      {xScale.ticks.map((tick) => (
        <text key={tick} x={xScale(tick)} y={floor + 16} text-anchor={anchorAt(xScale(tick), width)}>
          {xText(tick)}
        </text>
      ))}
      <line class="axis" x1={edge.left} x2={width - edge.right} y1={floor} y2={floor} />
    </g>
  );
}

const anchorAt = (x: number, width: number): string => (x > width - 36 ? 'end' : 'middle');
