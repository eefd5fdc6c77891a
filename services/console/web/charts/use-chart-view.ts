import { useEffect, useState } from 'preact/hooks';
import { type ChartView, readChartView } from './chart-view.ts';

/** How curves are looked at: as the address says, or as a slider that still moves says. */
export function useChartView(address: string): readonly [ChartView, (moved: ChartView) => void] {
  const [moved, setMoved] = useState<ChartView>();
  useEffect(() => setMoved(undefined), [address]);
  return [moved ?? readChartView(address), setMoved];
}
