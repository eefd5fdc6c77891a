import type { DataContract } from '#services/projects/contract.ts';
import { quoteText } from '#shared/duckdb/duckdb.ts';
import { emitSql } from '#shared/expressions/emit.ts';
import { duckdbDialect } from './compile/dialects/duckdb.ts';
import type { RowCheck } from './compile/row-checks.ts';
import { failureCondition, type RowColumns } from './compile/row-conditions.ts';
import { numericValue } from './statistics/samples.ts';
import { declaredValue, looseValue, mistypedValue } from './typed-value.ts';
import { type ObjectRows, presentValue, uploadedColumn } from './version-rows.ts';

/** What must be known of other rows before a row can be judged. */
export interface Surroundings {
  /** SQL over the columns of a row of whether it breaks a check `unique` or `references`; absent where no row does. */
  readonly flags: ReadonlyMap<RowCheck, string>;
  /** Of checks `outliers`; absent where there are too few values to say. */
  readonly bounds: ReadonlyMap<RowCheck, { readonly low: number; readonly high: number }>;
}

/**
 * Compiles what is asked of the rows of a version. In its SQL column i of the contract is `m<i>` (whether it is missing), `v<i>` (its value),
 * `t<i>` (its text) and `u<i>` (as uploaded), and flag i of the checks is `f<i>`.
 */
export class RowCompiler {
  readonly columns: readonly string[];
  readonly checks: readonly RowCheck[];
  readonly #contract: DataContract;
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(contract: DataContract, checks: readonly RowCheck[]) {
    this.#contract = contract;
    this.checks = checks;
    this.columns = Object.keys(contract.columns);
    this.#numbers = new Map(this.columns.map((name, index) => [name, index]));
  }

  /** SQL of a column's value in `rows`. */
  value(column: string): string {
    return `v${this.#numbers.get(column)}`;
  }

  /** SQL of a column's value as a number in `rows`; undefined for texts. */
  number(column: string): string | undefined {
    return numericValue(this.value(column), this.#contract.columns[column]!.type);
  }

  /** Rows of an object: what was uploaded, and what it means; only of some columns where they are named. */
  rows(of: ObjectRows, only: readonly string[] = this.columns): string {
    const columns = only.flatMap((name) => {
      const index = this.#numbers.get(name);
      const uploaded = uploadedColumn(of, name);
      const present = presentValue(of, uploaded, this.#contract);
      const text = uploaded.type === 'VARCHAR' ? present : duckdbDialect.textOf(present);
      return [
        `${uploaded.sql} AS u${index}`,
        `${present} IS NULL AS m${index}`,
        `${declaredValue(present, uploaded.type, this.#contract.columns[name]!)} AS v${index}`,
        `${text} AS t${index}`,
      ];
    });
    return `SELECT ${of.rowNumber === undefined ? '' : `${of.rowNumber} AS _row, `}${of.upload} AS _upload, ${quoteText(of.object.availableAt)} AS _available_at, ${columns.join(', ')} FROM ${of.relation}`;
  }

  /** Rows of an object with the flags that `failures` speaks of. */
  flaggedRows(of: ObjectRows, { flags }: Surroundings): string {
    const asked = [...flags].map(([check, flag]) => `${flag} AS f${this.checks.indexOf(check)}`);
    return asked.length === 0 ? this.rows(of) : `SELECT *, ${asked.join(', ')} FROM (${this.rows(of)})`;
  }

  /** Per check SQL that is true for the rows of `flaggedRows` that break it; absent where none can. */
  failures(
    checks: readonly RowCheck[],
    { flags, bounds }: Surroundings,
    value = (column: string) => this.value(column),
  ): ReadonlyMap<RowCheck, string> {
    const row: RowColumns = {
      missing: (column) => `m${this.#numbers.get(column)}`,
      value,
      text: (column) => `t${this.#numbers.get(column)}`,
      flag: (check) => (flags.has(check) ? `f${this.checks.indexOf(check)}` : undefined),
      number: (column) => this.number(column),
      bounds: (check) => {
        const found = bounds.get(check);
        return found && { low: `${found.low}::DOUBLE`, high: `${found.high}::DOUBLE` };
      },
      condition: (condition) => emitSql(condition, 'duckdb', (column) => this.value(column)),
    };
    const conditions = checks.map(
      (check) => [check, failureCondition(check, row, this.#contract, duckdbDialect)] as const,
    );
    return new Map(conditions.filter((entry): entry is [RowCheck, string] => entry[1] !== undefined));
  }

  /** SQL that is true for the rows of `flaggedRows` that break any of the checks; false or NULL for the others. Cheaper than to ask check by check. */
  breaksAny(checks: readonly RowCheck[], of: ObjectRows, surroundings: Surroundings): string {
    const columnsOf = (name: RowCheck['rule']['check']) =>
      new Set(checks.flatMap(({ rule, columns }) => (rule.check === name ? columns : [])));
    const [present, typed] = [columnsOf('not_null'), columnsOf('type')];
    const uploaded = (column: string) => ({
      sql: `u${this.#numbers.get(column)}`,
      type: uploadedColumn(of, column).type,
      rule: this.#contract.columns[column]!,
    });
    // Of a column that is asked for its type, other rules need no values that the type forbids: those rows break it anyhow.
    const value = (column: string) =>
      (typed.has(column) ? looseValue(uploaded(column)) : undefined) ?? this.value(column);
    const conditions = [...this.failures(checks, surroundings, value)].map(([{ rule }, condition]) => {
      if (rule.check !== 'type' && rule.check !== 'not_null') return condition;
      if (!typed.has(rule.column)) return condition;
      const mistyped = mistypedValue(uploaded(rule.column));
      if (rule.check === 'type') return mistyped ?? (present.has(rule.column) ? 'false' : condition);
      return mistyped === undefined ? `${this.value(rule.column)} IS NULL` : condition;
    });
    const possible = conditions.filter((condition) => condition !== 'false');
    return possible.length === 0 ? 'false' : `(${possible.join(' OR ')})`;
  }
}
