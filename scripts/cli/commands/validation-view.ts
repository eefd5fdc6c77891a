import pc from 'picocolors';
import type * as z from 'zod';
import type {
  readContractSuggestion,
  readValidation,
  ValidationReport,
} from '#services/validation/contract.ts';
import { table } from '../output.ts';
import { contractFile } from './contract-file.ts';

const colours = { Pass: pc.green, Warn: pc.yellow, Fail: pc.red, InsufficientData: pc.yellow } as const;

/** A report: the verdict, what was not kept with rows that show it, and who let rows out of quarantine. */
export function validationText(report: z.output<typeof readValidation.response>): string {
  const { datasetVersion, verdict, rows, validRows, quarantinedRows, checks, projectRevision } = report;
  const noted = checks.filter(
    ({ passed, failingRows, outcome }) => !passed || failingRows > 0 || outcome === 'skipped',
  );
  const engine = report.engine
    ? [`Checked by ${report.engine.name} (${report.engine.memoryMb} MB) in ${report.engine.seconds} s.`]
    : [];
  return [
    `Version ${datasetVersion}: ${colours[verdict](verdict)} under revision ${projectRevision}. ${rows} rows: ${validRows} valid, ${quarantinedRows} in quarantine.`,
    ...engine,
    ...(report.released ?? []).map(
      ({ rows: released, releasedBy, releasedAt, reason }) =>
        `${released} ${released === 1 ? 'row' : 'rows'} released by ${releasedBy} at ${releasedAt}: ${reason}`,
    ),
    '',
    noted.length === 0
      ? `All ${checks.length} checks passed.`
      : table(
          ['check', 'of', 'severity', 'outcome', 'found', 'expected'],
          noted.map((check) => [
            check.name ? `${check.check} ${check.name}` : check.check,
            check.column ?? check.columns?.join(', ') ?? '',
            check.severity,
            check.outcome ?? (check.passed ? 'passed' : 'failed'),
            check.observed,
            check.expected,
          ]),
        ),
    ...noted.flatMap(samplesText),
    ...(report.cure ? ['', pc.yellow(report.cure)] : []),
  ].join('\n');
}

function samplesText({ check, column, columns, samples = [] }: ValidationReport['checks'][number]): string[] {
  if (samples.length === 0) return [];
  const names = Object.keys(samples[0]!);
  const title = `Rows that fail ${check} of ${column ?? columns?.join(', ') ?? 'the row'}:`;
  return [
    '',
    title,
    table(
      names,
      samples.map((sample) => names.map((name) => sample[name] ?? '')),
    ),
  ];
}

type Suggestion = z.output<typeof readContractSuggestion.response>;

/** A suggestion: what to look at first, why each line says what it says, and the contract itself unless it went to a file. */
export function suggestionText(
  { suggestion, status, decidedBy, comment }: Suggestion,
  file: string | undefined,
): string {
  const { suggestionId, datasetVersion, rows, contract, evidence, warnings } = suggestion;
  const decided = decidedBy === undefined ? '' : ` by ${decidedBy}: ${comment}`;
  return [
    `Suggestion ${suggestionId}, from ${rows} rows of version ${datasetVersion}: ${status}${decided}.`,
    ...(warnings.length > 0 ? ['', pc.yellow('To look at:')] : []),
    ...warnings.map(({ path, message }) => `  ${path}: ${message}`),
    '',
    table(
      ['line', 'support', 'seen'],
      evidence.map(({ path, support, seen }) => [path, `${(support * 100).toFixed(1)} %`, seen]),
    ),
    '',
    file === undefined
      ? contractFile(contract).trimEnd()
      : `The contract is in ${file}: edit it, then approve it with --file ${file}.`,
  ].join('\n');
}

/** A value as it fits into a table. */
export const shortened = (text: string): string => (text.length > 40 ? `${text.slice(0, 39)}…` : text);
