import { columnName, columnOf, type RunColumn } from './columns.ts';

export interface RunOrder {
  readonly column: RunColumn;
  readonly descending: boolean;
}

/** How the runs of an experiment are looked at: all of it is in the address, so that it can be shared. */
export interface TableView {
  /** In MLflow's grammar. */
  readonly filter: string;
  /** Absent: the newest first. */
  readonly order?: RunOrder | undefined;
  /** Absent: nobody chose yet. */
  readonly columns?: readonly RunColumn[] | undefined;
  /** Run ids, in the order in which they were chosen. */
  readonly selected: readonly string[];
  /** Children below their parents. Absent: while there is no filter. */
  readonly nested?: boolean | undefined;
  readonly deleted: boolean;
}

/** So many runs can be compared: more curves cannot be told apart. */
export const mostSelected = 20;

export function readTableView(text: string): TableView {
  const fields = new URLSearchParams(text);
  const order = orderOf(fields.get('order'));
  const columns = fields.get('columns');
  const nested = fields.get('nested');
  return {
    filter: fields.get('filter') ?? '',
    ...(order && { order }),
    ...(columns !== null && { columns: namesIn(columns).flatMap((name) => columnOf(name) ?? []) }),
    selected: [...new Set(namesIn(fields.get('selected') ?? ''))].slice(0, mostSelected),
    ...(nested !== null && { nested: nested === 'yes' }),
    deleted: fields.get('deleted') === 'yes',
  };
}

/** Keys hold no comma, so one separates them. */
const namesIn = (text: string): string[] => text.split(',').filter(Boolean);

/** `metrics.loss` or, the greatest first, `-metrics.loss`. */
function orderOf(text: string | null): RunOrder | undefined {
  const descending = text?.startsWith('-') ?? false;
  const column = columnOf(text?.slice(descending ? 1 : 0) ?? '');
  return column && { column, descending };
}

/** The query string that readTableView reads; what is as usual is left out. */
export function tableViewText({ filter, order, columns, selected, nested, deleted }: TableView): string {
  const fields = new URLSearchParams();
  if (filter) fields.set('filter', filter);
  if (order) fields.set('order', `${order.descending ? '-' : ''}${columnName(order.column)}`);
  if (columns) fields.set('columns', columns.map(columnName).join());
  if (selected.length > 0) fields.set('selected', selected.join());
  if (nested !== undefined) fields.set('nested', nested ? 'yes' : 'no');
  if (deleted) fields.set('deleted', 'yes');
  return fields.toString();
}

export const isNested = ({ nested, filter }: TableView): boolean => nested ?? filter === '';

/** Chooses a run or lets it go. Nothing changes where as many are chosen as can be. */
export function withToggled(view: TableView, runId: string): TableView {
  const { selected } = view;
  if (selected.includes(runId)) return { ...view, selected: selected.filter((one) => one !== runId) };
  return selected.length < mostSelected ? { ...view, selected: [...selected, runId] } : view;
}

/** What a click on a column's title asks for: up, then down, then as usual. */
export function withNextOrder(view: TableView, column: RunColumn): TableView {
  const { order } = view;
  if (!order || columnName(order.column) !== columnName(column)) {
    return { ...view, order: { column, descending: false } };
  }
  return { ...view, order: order.descending ? undefined : { column, descending: true } };
}
