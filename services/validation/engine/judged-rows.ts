import type { DataContract } from '#services/projects/contract.ts';
import { quoteText } from '#shared/duckdb/duckdb.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';
import type { RowCheck } from './compile/row-checks.ts';
import { failureCondition, type RowColumns } from './compile/row-conditions.ts';
import { declaredValue } from './typed-value.ts';
import { type ObjectRows, presentValue, uploadedColumn } from './version-rows.ts';

/** What must be known of other rows before a row can be judged. */
export interface Surroundings {
  /** SQL of a flag over `v0`, `v1`, …, by check; absent where it is false for every row. */
  readonly flags: ReadonlyMap<RowCheck, string>;
  readonly bounds: ReadonlyMap<RowCheck, { readonly low: string; readonly high: string }>;
}

/** Compiles what is asked of the rows of a version. In its SQL column i of the contract is `m<i>` (is it missing), `v<i>` (value), `t<i>` (text), `u<i>` (as uploaded). */
export class RowCompiler {
  readonly columns: readonly string[];
  readonly #contract: DataContract;

  constructor(contract: DataContract) {
    this.#contract = contract;
    this.columns = Object.keys(contract.columns);
  }

  /** Rows of an object: what was uploaded, and what it means. */
  rows(of: ObjectRows): string {
    const columns = this.columns.flatMap((name, index) => {
      const rule = this.#contract.columns[name]!;
      const uploaded = uploadedColumn(of, name);
      const present = presentValue(of, uploaded, this.#contract);
      const text = uploaded.type === 'VARCHAR' ? present : duckdbDialect.textOf(present);
      return [
        `${uploaded.sql} AS u${index}`,
        `${present} IS NULL AS m${index}`,
        `${declaredValue(present, uploaded.type, rule)} AS v${index}`,
        `${text} AS t${index}`,
      ];
    });
    return `SELECT ${of.upload} AS _upload, ${quoteText(of.object.availableAt)} AS _available_at, ${columns.join(', ')} FROM ${of.relation}`;
  }

  value(column: string): string {
    return `v${this.columns.indexOf(column)}`;
  }

  /** Per check SQL that is true for the rows that break it; absent where none can. */
  failures(checks: readonly RowCheck[], { flags, bounds }: Surroundings): ReadonlyMap<RowCheck, string> {
    const number = new Map(this.columns.map((name, index) => [name, index]));
    const row: RowColumns = {
      missing: (column) => `m${number.get(column)}`,
      value: (column) => `v${number.get(column)}`,
      text: (column) => `t${number.get(column)}`,
      flag: (check) => flags.get(check),
      bounds: (check) => bounds.get(check),
      expression: (sql) => sql,
    };
    const conditions = checks.map(
      (check) => [check, failureCondition(check, row, this.#contract, duckdbDialect)] as const,
    );
    return new Map(conditions.filter((entry): entry is [RowCheck, string] => entry[1] !== undefined));
  }
}

/** True where any of the conditions is. */
export const anyOf = (conditions: Iterable<string>): string => {
  const list = [...conditions];
  return list.length === 0 ? 'false' : `coalesce(${list.join(' OR ')}, false)`;
};
