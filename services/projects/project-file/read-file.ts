import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type * as z from 'zod';
import { AppError, type Violation } from '#shared/kernel/errors.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import { maxFileBytes } from '../contract.ts';
import type { DefinitionViolation } from '../domain/violation.ts';
import { allowedNames, choicesAt } from '../json-schema.ts';
import { maxNesting, nestingOf } from './nesting.ts';
import { placeOf, valueAt } from './place.ts';

/** So many nodes may stand for another (`*name`); a file that expands to more than it says is refused. */
const maxAliases = 100;
const maxViolations = 50;
/** More of a wrong value is not said again. */
const maxValueLength = 100;

/** A kind of file that people write. */
export interface FileKind<Schema extends z.ZodType> {
  /** As messages name it: `project file`. */
  readonly noun: string;
  /** As error codes begin: `ProjectFile`. */
  readonly codes: string;
  /** Code of the error that carries violations. */
  readonly invalid: string;
  readonly schema: Schema;
  /** The least that such a file has, for the message about an empty one. */
  readonly least: string;
}

/** A file that keeps its schema. */
export interface OpenedFile<Value> {
  readonly value: Value;
  /** Gives the value where nothing is found wrong with it. Throws `kind.invalid` with line, column and cure of every violation (at most 50). */
  held(rules: (value: Value) => readonly DefinitionViolation[]): Value;
}

/**
 * Reads a file, YAML 1.2 or JSON, and holds it against its schema; rules that span parts come after. Throws `kind.invalid` with line,
 * column and cure of every violation (at most 50), …TooLarge, …TooDeep or …Empty.
 */
export function openFile<Schema extends z.ZodType>(
  text: string,
  kind: FileKind<Schema>,
): OpenedFile<z.output<Schema>> {
  refuseSize(text, kind);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false });
  if (document.errors.length > 0)
    throw invalidFile(kind, document.errors.slice(0, maxViolations).map(syntaxViolation));
  if (document.contents === null) {
    throw new AppError(
      'invalid_input',
      `${kind.codes}Empty`,
      `The ${kind.noun} is empty. Send YAML or JSON with at least ${kind.least}.`,
    );
  }
  const value = plainValue(document, kind);
  const parsed = kind.schema.safeParse(value);
  const invalid = (found: readonly DefinitionViolation[]): AppError =>
    invalidFile(
      kind,
      found.slice(0, maxViolations).map((violation) => located(violation, document, lines)),
    );
  if (!parsed.success) {
    const issues = parsed.error.issues.slice(0, maxViolations);
    throw invalid(issues.flatMap((issue) => schemaViolations(issue, value, kind.schema)));
  }
  return {
    value: parsed.data,
    held(rules) {
      const found = rules(parsed.data);
      if (found.length > 0) throw invalid(found);
      return parsed.data;
    },
  };
}

function refuseSize(text: string, { noun, codes }: FileKind<z.ZodType>): void {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > maxFileBytes) {
    throw new AppError(
      'invalid_input',
      `${codes}TooLarge`,
      `The ${noun} has ${sizeBytes} bytes; ${maxFileBytes} are allowed. Shorten descriptions, or split the project.`,
    );
  }
  if (nestingOf(text) > maxNesting) {
    throw new AppError(
      'invalid_input',
      `${codes}TooDeep`,
      `The ${noun} nests lists and maps more than ${maxNesting} deep; no part of it needs that. docs/reference/project.md shows every part.`,
    );
  }
}

function plainValue(document: Document.Parsed, { noun, invalid }: FileKind<z.ZodType>): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      invalid,
      `The ${noun} cannot be expanded: ${(cause as Error).message}. Write the values out instead of using aliases.`,
      {},
      { cause },
    );
  }
}

function syntaxViolation(error: YAMLError): Violation {
  const [start] = error.linePos ?? [];
  const message = error.message.split(' at line ')[0]!;
  return { path: '', message, ...(start ? { line: start.line, column: start.col } : {}) };
}

function schemaViolations(issue: z.core.$ZodIssue, value: unknown, schema: z.ZodType): DefinitionViolation[] {
  const path = issue.path.map((member) => (typeof member === 'symbol' ? String(member) : member));
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedNames(schema, path, value);
    return issue.keys
      .slice(0, maxViolations)
      .map((key) => ({ path: [...path, key], message: unknownMember(shortened(key), allowed) }));
  }
  const sent = valueAt(value, path);
  if (issue.code === 'invalid_union' && issue.discriminator !== undefined)
    return [{ path, message: unknownChoice(issue.discriminator, sent, choicesAt(schema, path, value)) }];
  const isScalar = sent !== undefined && (typeof sent !== 'object' || sent === null);
  const got = isScalar ? `; it is ${shortened(JSON.stringify(sent))}` : '';
  return [{ path, message: `${issue.message}${got}` }];
}

function unknownChoice(member: string, sent: unknown, options: readonly unknown[]): string {
  const known = options.map(String);
  const nearest = typeof sent === 'string' ? nearestName(sent, known) : undefined;
  const found =
    sent === undefined ? `${member} is missing` : `${shortened(JSON.stringify(sent))} is no ${member}`;
  return `${found}; ${nearest ? `did you mean '${nearest}'?` : `known are: ${known.join(', ')}`}`;
}

const shortened = (text: string): string =>
  text.length > maxValueLength ? `${text.slice(0, maxValueLength)}…` : text;

function unknownMember(key: string, allowed: readonly string[]): string {
  const nearest = nearestName(key, allowed);
  return `'${key}' is not known here; ${nearest ? `did you mean '${nearest}'?` : `known are: ${allowed.join(', ')}`}`;
}

function located(violation: DefinitionViolation, document: Document.Parsed, lines: LineCounter): Violation {
  return {
    path: violation.path.join('/'),
    message: violation.message,
    ...placeOf(document, violation.path, lines),
  };
}

function invalidFile({ noun, invalid }: FileKind<z.ZodType>, violations: readonly Violation[]): AppError {
  const text = violations
    .map(({ path, message, line, column }) => {
      const place = line === undefined ? '' : `line ${line}, column ${column}: `;
      return `${place}${path === '' ? '' : `${path}: `}${message}`;
    })
    .join('; ');
  return new AppError('invalid_input', invalid, `The ${noun} is not valid: ${text}.`, { violations });
}
