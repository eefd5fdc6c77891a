import { type ChartView, readChartView, withChartView } from '../charts/chart-view.ts';
import { columnName, columnOf, type RunColumn } from '../runs/columns.ts';
import { mostSelected } from '../runs/table-view.ts';

/** What is compared and how it is looked at; all of it is in the address. */
export interface CompareView {
  readonly runIds: readonly string[];
  /** Metrics drawn as curves; absent: nobody chose yet. */
  readonly curves?: readonly string[] | undefined;
  readonly chart: ChartView;
  /** Axes of the parallel coordinates; absent: nobody chose yet. */
  readonly axes?: readonly RunColumn[] | undefined;
  readonly scatterX?: RunColumn | undefined;
  readonly scatterY?: RunColumn | undefined;
  /** Only the rows in which the runs differ. */
  readonly differencesOnly: boolean;
}

const namesIn = (text: string | null): string[] | undefined => text?.split(',').filter(Boolean);

export function readCompareView(text: string): CompareView {
  const fields = new URLSearchParams(text);
  return {
    runIds: [...new Set(namesIn(fields.get('runs')))].slice(0, mostSelected),
    curves: namesIn(fields.get('curves')),
    chart: readChartView(text),
    axes: namesIn(fields.get('axes'))?.flatMap((name) => columnOf(name) ?? []),
    scatterX: columnOf(fields.get('across') ?? ''),
    scatterY: columnOf(fields.get('up') ?? ''),
    differencesOnly: fields.get('rows') !== 'all',
  };
}

/** The query string that readCompareView reads; what is as usual is left out. */
export function compareViewText(view: CompareView): string {
  const fields = new URLSearchParams();
  fields.set('runs', view.runIds.join());
  if (view.curves) fields.set('curves', view.curves.join());
  if (view.axes) fields.set('axes', view.axes.map(columnName).join());
  if (view.scatterX) fields.set('across', columnName(view.scatterX));
  if (view.scatterY) fields.set('up', columnName(view.scatterY));
  if (!view.differencesOnly) fields.set('rows', 'all');
  return withChartView(fields.toString(), view.chart);
}
