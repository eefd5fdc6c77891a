import type { Run } from '../api/mlflow-entities.ts';

/** Attributes that a column may show. The name stands in every row and is no choice. */
export const attributeTitles = {
  status: 'Status',
  start_time: 'Started',
  duration: 'Duration',
  end_time: 'Ended',
  user_id: 'User',
  run_id: 'Run id',
} as const;
export type AttributeKey = keyof typeof attributeTitles;

export const families = ['attributes', 'metrics', 'params', 'tags'] as const;
export type Family = (typeof families)[number];

/** A column of the run table; in addresses and orders it is `family.key`, such as `metrics.val/loss`. */
export interface RunColumn {
  readonly family: Family;
  readonly key: string;
}

/** So many metrics and so many params are shown until somebody chooses. */
const chosenUnasked = 4;

export const columnName = ({ family, key }: RunColumn): string => `${family}.${key}`;

/** Undefined where the text names no column. */
export function columnOf(name: string): RunColumn | undefined {
  const dot = name.indexOf('.');
  const family = families.find((one) => one === name.slice(0, dot));
  const key = name.slice(dot + 1);
  if (!family || key === '' || (family === 'attributes' && !isAttribute(key) && key !== 'run_name')) {
    return undefined;
  }
  return { family, key };
}

export const isAttribute = (key: string): key is AttributeKey => Object.hasOwn(attributeTitles, key);

export function columnTitle({ family, key }: RunColumn): string {
  if (family !== 'attributes') return key;
  return isAttribute(key) ? attributeTitles[key] : 'Name';
}

/** What the runs at hand could show, family by family, by name. MLflow's own tags are left out: the run page says them. */
export function columnsIn(runs: readonly Run[]): RunColumn[] {
  const keysOf = (family: 'metrics' | 'params' | 'tags') => {
    // One set for all: there may be ten thousand runs, each with the same fifty keys.
    const keys = new Set<string>();
    for (const run of runs) for (const key of run[family].keys()) keys.add(key);
    return [...keys]
      .filter((key) => family !== 'tags' || !key.startsWith('mlflow.'))
      .sort(byName)
      .map((key): RunColumn => ({ family, key }));
  };
  return [
    ...Object.keys(attributeTitles).map((key): RunColumn => ({ family: 'attributes', key })),
    ...keysOf('metrics'),
    ...keysOf('params'),
    ...keysOf('tags'),
  ];
}

const byName = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

/** Status, times, and the first metrics and params. */
export function columnsUnasked(available: readonly RunColumn[]): RunColumn[] {
  const first = (family: Family) =>
    available.filter((column) => column.family === family).slice(0, chosenUnasked);
  const attributes: RunColumn[] = (['status', 'start_time', 'duration'] as const).map((key) => ({
    family: 'attributes',
    key,
  }));
  return [...attributes, ...first('metrics'), ...first('params')];
}

/** The server knows no duration, so it cannot sort by it. */
export const isSortable = ({ family, key }: RunColumn): boolean =>
  family !== 'attributes' || key !== 'duration';

/** As `order_by` has it. Keys may hold blanks, never a backtick. */
export const orderText = ({ family, key }: RunColumn, descending: boolean): string =>
  `${family}.\`${key}\` ${descending ? 'DESC' : 'ASC'}`;

/** How long a run took, or goes on since, in milliseconds. */
export function durationOf({ startMs, endMs, status }: Run, nowMs: number): number | undefined {
  if (startMs === undefined) return undefined;
  if (endMs !== undefined) return endMs - startMs;
  return status === 'RUNNING' ? nowMs - startMs : undefined;
}
