import type { Run } from '../api/mlflow-entities.ts';
import { inkClass } from '../charts/ink.ts';
import { addressOf } from '../routes.ts';

interface RunLegendProps {
  readonly runs: readonly Run[];
  /** A run that the pointer or the focus is on; undefined: on none. */
  readonly onForward?: (runId: string | undefined) => void;
}

/** Which line is whose. */
export function RunLegend({ runs, onForward }: RunLegendProps) {
  return (
    <ul class="runs-legend">
      {runs.map(({ runId, runName }, ink) => (
        <li
          key={runId}
          onPointerEnter={() => onForward?.(runId)}
          onPointerLeave={() => onForward?.(undefined)}
        >
          <svg width={22} height={10} aria-hidden="true">
            <path class={`line ${inkClass(ink)}`} d="M1 5H21" />
          </svg>
          <a
            href={addressOf.run(runId)}
            onFocus={() => onForward?.(runId)}
            onBlur={() => onForward?.(undefined)}
          >
            {runName || runId}
          </a>
        </li>
      ))}
    </ul>
  );
}
