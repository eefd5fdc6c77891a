import type { ColumnRule, ContractRule } from '#services/projects/contract.ts';
import type { DatasetInspection, SuggestionContext } from './inspection.ts';
import { grouped, type Lines, percent } from './lines.ts';

/** A column that is missing more often is not held to a share. */
const maxNullShare = 0.5;
const msPerHour = 3_600_000;
const maxFreshHours = 24 * 90;
const maxRules = 500;

type Suggested = Readonly<Record<string, Partial<ColumnRule> & Pick<ColumnRule, 'type'>>>;

/** Rules of the dataset as a whole, all as warnings: how many rows, how many missing values, how old. */
export function suggestRules(
  { rows, columns }: DatasetInspection,
  context: SuggestionContext,
  suggested: Suggested,
  lines: Lines,
): { rules: ContractRule[]; eventTime: string | undefined } {
  const rules: ContractRule[] = [];
  const add = (rule: ContractRule, seen: string) => {
    if (rules.length >= maxRules) return;
    lines.because(`rules.${rules.length}`, seen);
    rules.push(rule);
  };
  if (rows > 1)
    add(
      { check: 'row_count', min: Math.floor(rows / 2), severity: 'warn' },
      `${grouped(rows)} rows were uploaded; half of them`,
    );
  const eventTime = findEventTime(columns, context.eventTime, suggested, lines);
  const newest = columns.find(({ profile }) => profile.name === eventTime)?.profile.quantiles?.at(-1);
  if (eventTime !== undefined && newest !== undefined && context.uploadedAt !== undefined) {
    const ageHours = (Date.parse(context.uploadedAt) - newest * 1000) / msPerHour;
    if (ageHours <= maxFreshHours)
      add(
        {
          check: 'freshness',
          column: eventTime,
          maxAgeHours: Math.max(24, Math.ceil((ageHours * 2) / 24) * 24),
          severity: 'warn',
        },
        `the newest time is ${Number(ageHours.toFixed(1))} hours older than the upload; twice that, in days`,
      );
    else
      lines.warn(
        'rules',
        `The newest '${eventTime}' is ${Math.round(ageHours / 24)} days older than the upload, so no freshness is suggested.`,
      );
  }
  for (const { profile } of columns) {
    const { name, values, missing } = profile;
    const share = rows === 0 ? 0 : missing / rows;
    if (share > maxNullShare && values > 0)
      lines.warn(`columns.${name}`, `${percent(share)} of the rows have no value.`);
    if (missing === 0 || share > maxNullShare || suggested[name]?.nullable !== true) continue;
    const max = Number(Math.min(1, Math.ceil((share * 2 + 0.01) * 100) / 100).toFixed(2));
    add(
      { check: 'null_share', column: name, max, severity: 'warn' },
      `${percent(share)} of the rows have no '${name}'; twice that and one percent more`,
    );
  }
  return { rules, eventTime };
}

const eventWords = /(^|[^a-z])(timestamp|datetime|time|date|at|on|when|created|occurred|day)$/i;

/** The project's, else the only column of times that is named like one. */
function findEventTime(
  columns: DatasetInspection['columns'],
  given: string | undefined,
  suggested: Suggested,
  lines: Lines,
): string | undefined {
  const isTime = (name: string) => suggested[name]?.type === 'timestamp';
  if (given !== undefined) {
    if (isTime(given)) return given;
    lines.warn('eventTime', `'${given}', which the project names as event time, is no column of times.`);
    return undefined;
  }
  const [only, ...others] = columns.filter(
    ({ profile: { name, missing } }) =>
      isTime(name) && missing === 0 && eventWords.test(name) && suggested[name]?.sensitive !== true,
  );
  if (!only || others.length > 0) return undefined;
  lines.because('eventTime', `'${only.profile.name}' is the only column of times that every row has`);
  return only.profile.name;
}
