import { type ContractRule, type DataContract, dataContract } from '#services/projects/contract.ts';
import { AppError } from '#shared/kernel/errors.ts';
import type { ContractSuggestion } from '../contract.ts';
import { choosePrimaryKey } from './suggestion/choose-key.ts';
import type { ColumnInspection, DatasetInspection, SuggestionContext } from './suggestion/inspection.ts';
import { collectLines, grouped, type Lines } from './suggestion/lines.ts';
import { suggestColumn } from './suggestion/suggest-column.ts';
import { suggestRules } from './suggestion/suggest-rules.ts';

export type SuggestedContract = Pick<ContractSuggestion, 'contract' | 'evidence' | 'warnings'>;

const defaultMinRows = 50;

/**
 * A contract that the inspected rows keep, next to all of them, with why each line says what it says and what a person must
 * look at before approving it. The same inspection gives the same contract. Throws NothingToSuggest for fewer than two columns.
 */
export function suggestContract(
  inspection: DatasetInspection,
  context: SuggestionContext,
): SuggestedContract {
  const { columns, rows, missingTexts, doubtfulTexts } = inspection;
  if (columns.length < 2)
    throw new AppError(
      'invalid_input',
      'NothingToSuggest',
      `The data has ${columns.length} columns; at least two are needed: the primary key and one more. Upload data with both.`,
    );
  const lines = collectLines();
  const primaryKey = choosePrimaryKey(inspection, context.primaryKey, lines);
  for (const { text, cells, columns: where, decisive } of missingTexts) {
    const why =
      decisive.length > 0
        ? `all other values of ${decisive.join(', ')} have a narrower type`
        : 'it can hardly be a value';
    lines.because('missingValues', `'${text}' is in ${grouped(cells)} cells of ${where.join(', ')}; ${why}`);
    const others = where.filter((name) => !decisive.includes(name));
    if (decisive.length > 0 && others.length > 0)
      lines.warn(
        'missingValues',
        `'${text}' counts as missing in ${others.join(', ')} too, where it may be a value.`,
      );
  }
  for (const { text, cells, columns: where } of doubtfulTexts)
    lines.warn(
      'missingValues',
      `'${text}' is in ${grouped(cells)} cells of ${where.join(', ')} and counts as a value; add it to missingValues if it says that there is none.`,
    );
  const suggested = Object.fromEntries(
    columns.map((column) => [
      column.profile.name,
      suggestColumn(column, { isKey: column.profile.name === primaryKey }, lines),
    ]),
  );
  const { rules, eventTime } = suggestRules(inspection, context, suggested, lines);
  noteTarget(columns, context.target, lines);
  const minRows = Math.min(defaultMinRows, Math.max(1, Math.floor(rows / 2)));
  lines.because('checks.minRows', `${grouped(rows)} rows were uploaded`);
  const contract: DataContract = dataContract.parse({
    primaryKey,
    ...(eventTime === undefined ? {} : { eventTime }),
    missingValues: missingTexts.map(({ text }) => text).slice(0, 20),
    columns: suggested,
    checks: { minRows },
    rules: rules satisfies ContractRule[],
  });
  return { contract, evidence: lines.evidence, warnings: lines.warnings };
}

function noteTarget(columns: readonly ColumnInspection[], target: string | undefined, lines: Lines): void {
  if (target === undefined) return;
  const column = columns.find(({ profile }) => profile.name === target);
  if (!column) lines.warn('columns', `There is no column '${target}', which the project predicts.`);
  else if (column.profile.missing > 0)
    lines.warn(
      `columns.${target}`,
      `${grouped(column.profile.missing)} rows have no value of what the project predicts. Models learn from the others only.`,
    );
}
