import type { KeyValue, Metric } from '../transfer/messages.ts';
import type { LeftBehind } from '../transfer/report.ts';

/** A run that another tracker wrote to disk, in MLflow's words. */
export interface LoggedRun {
  /** Names it among all runs of its tracker, so that it is imported once. */
  readonly key: string;
  readonly name: string;
  /** Name of the experiment that it goes into where the user names none. */
  readonly experiment: string;
  readonly startTimeMs: number;
  readonly endTimeMs?: number;
  readonly status: 'FINISHED' | 'FAILED' | 'RUNNING';
  readonly params: readonly KeyValue[];
  readonly tags: readonly KeyValue[];
  readonly metrics: readonly Metric[];
  /** What becomes artifacts: a path below the run's artifacts, and where the bytes are. */
  readonly files: readonly LoggedFile[];
  readonly leftBehind: readonly LeftBehind[];
}

export type LoggedFile =
  | { readonly path: string; readonly file: string }
  | { readonly path: string; readonly content: Uint8Array };

const maxKeyLength = 250;
const maxParamLength = 6000;

/** A name as MLflow takes it: letters, digits, `_-. :/`, no `//`, no `..`. What it does not take becomes `_`. */
export function mlflowKey(name: string): string {
  const parts = name
    .normalize('NFC')
    .replaceAll(/[^\p{L}\p{N}_\-. :/]/gu, '_')
    .split('/')
    .filter((part) => part !== '' && part !== '.' && part !== '..');
  return parts.join('/').slice(0, maxKeyLength) || '_';
}

/** A setting with everything in it as params: `opt.name`; lists and texts as they are. */
export function paramsOf(setting: unknown, name = ''): KeyValue[] {
  if (typeof setting === 'object' && setting !== null && !Array.isArray(setting)) {
    return Object.entries(setting).flatMap(([key, value]) =>
      paramsOf(value, name === '' ? key : `${name}.${key}`),
    );
  }
  const value = typeof setting === 'string' ? setting : JSON.stringify(setting);
  return [{ key: mlflowKey(name), value: value.slice(0, maxParamLength) }];
}

/** Numbers anywhere in a value, by their place in it: `{ nested: { x: 1 } }` is `nested.x`. */
export function numbersIn(value: unknown, name: string): [string, number][] {
  if (typeof value === 'number') return [[name, value]];
  if (typeof value === 'boolean') return [[name, value ? 1 : 0]];
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    numbersIn(inner, name === '' ? key : `${name}.${key}`),
  );
}
