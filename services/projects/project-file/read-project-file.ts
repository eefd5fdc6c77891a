import { type Document, LineCounter, parseDocument, type YAMLError } from 'yaml';
import type * as z from 'zod';
import { AppError, type Violation } from '#shared/kernel/errors.ts';
import { maxFileBytes, type ProjectDefinition, projectDefinition } from '../contract.ts';
import { nearestName } from '#shared/kernel/nearest-name.ts';
import { violationsOf } from '../domain/project-rules.ts';
import type { DefinitionViolation } from '../domain/violation.ts';
import { allowedNames } from '../json-schema.ts';
import { maxNesting, nestingOf } from './nesting.ts';
import { placeOf, valueAt } from './place.ts';

/** So many nodes may stand for another (`*name`); a file that expands to more than it says is refused. */
const maxAliases = 100;
const maxViolations = 50;
/** More of a wrong value is not said again. */
const maxValueLength = 100;

/**
 * Reads a project file, YAML 1.2 or JSON, and holds it against the schema and the rules that span parts. Throws
 * InvalidProject with line, column and cure of every violation (at most 50), ProjectFileTooLarge, ProjectFileTooDeep, or ProjectFileEmpty.
 * `name` is the project that the file is applied to.
 */
export function readProjectFile(text: string, name: string): ProjectDefinition {
  const sizeBytes = Buffer.byteLength(text);
  if (sizeBytes > maxFileBytes) {
    throw new AppError(
      'invalid_input',
      'ProjectFileTooLarge',
      `The project file has ${sizeBytes} bytes; ${maxFileBytes} are allowed. Shorten descriptions, or split the project.`,
    );
  }
  if (nestingOf(text) > maxNesting) {
    throw new AppError(
      'invalid_input',
      'ProjectFileTooDeep',
      `The project file nests lists and maps more than ${maxNesting} deep; no part of it needs that. docs/reference/project.md shows every part.`,
    );
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', merge: false });
  if (document.errors.length > 0)
    throw invalidProject(document.errors.slice(0, maxViolations).map(syntaxViolation));
  if (document.contents === null) {
    throw new AppError(
      'invalid_input',
      'ProjectFileEmpty',
      'The project file is empty. Send a definition as YAML or JSON, with at least name, owners, data and target.',
    );
  }
  const value = plainValue(document);
  const parsed = projectDefinition.safeParse(value);
  const found = parsed.success
    ? [...nameViolations(parsed.data, name), ...violationsOf(parsed.data)]
    : parsed.error.issues.slice(0, maxViolations).flatMap((issue) => schemaViolations(issue, value));
  if (!parsed.success || found.length > 0)
    throw invalidProject(
      found.slice(0, maxViolations).map((violation) => located(violation, document, lines)),
    );
  return parsed.data;
}

function plainValue(document: Document.Parsed): unknown {
  try {
    return document.toJS({ maxAliasCount: maxAliases });
  } catch (cause) {
    throw new AppError(
      'invalid_input',
      'InvalidProject',
      `The project file cannot be expanded: ${(cause as Error).message}. Write the values out instead of using aliases.`,
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

function nameViolations(definition: ProjectDefinition, name: string): DefinitionViolation[] {
  if (definition.name === name) return [];
  return [
    {
      path: ['name'],
      message: `the file names the project '${definition.name}', but it is applied to '${name}'; change one of them`,
    },
  ];
}

function schemaViolations(issue: z.core.$ZodIssue, value: unknown): DefinitionViolation[] {
  const path = issue.path.map((member) => (typeof member === 'symbol' ? String(member) : member));
  if (issue.code === 'unrecognized_keys') {
    const allowed = allowedNames(path);
    return issue.keys
      .slice(0, maxViolations)
      .map((key) => ({ path: [...path, key], message: unknownMember(shortened(key), allowed) }));
  }
  const sent = valueAt(value, path);
  const isScalar = sent !== undefined && (typeof sent !== 'object' || sent === null);
  const got = isScalar ? `; it is ${shortened(JSON.stringify(sent))}` : '';
  return [{ path, message: `${issue.message}${got}` }];
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

function invalidProject(violations: readonly Violation[]): AppError {
  const text = violations
    .map(({ path, message, line, column }) => {
      const place = line === undefined ? '' : `line ${line}, column ${column}: `;
      return `${place}${path === '' ? '' : `${path}: `}${message}`;
    })
    .join('; ');
  return new AppError('invalid_input', 'InvalidProject', `The project file is not valid: ${text}.`, {
    violations,
  });
}
