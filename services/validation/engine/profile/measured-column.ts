import type { Measures, TypedSource } from './measure-columns.ts';
import { soundSql, typedSql } from './read-values.ts';

/** A column that was measured. */
export interface MeasuredColumn {
  readonly typed: TypedSource;
  readonly measures: Measures;
}

/** SQL of its value over the batch's rows. */
export const measuredSql = ({ typed: { source, type }, measures }: MeasuredColumn): string =>
  measures.typed === measures.values ? soundSql(source, type) : typedSql(source, type);
