import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { runProgram } from './program.ts';

/** What cfn-lint has against one property of one resource. */
export interface LintFinding {
  readonly rule: string;
  /** Last part of the stack's name, e.g. `training`. */
  readonly stack: string;
  /** Logical id; empty for what is wrong outside of resources. */
  readonly resource: string;
  /** Way to the property below the resource's properties, with `/`. */
  readonly property: string;
  readonly message: string;
}

const output = z.array(
  z.object({
    Filename: z.string(),
    Message: z.string(),
    Rule: z.object({ Id: z.string() }),
    Location: z.object({ Path: z.array(z.union([z.string(), z.number()])).nullable() }),
  }),
);

const exceptionsFile = path.join(import.meta.dirname, '..', 'cfn-lint-exceptions.json');
const exceptionsSchema = z.array(
  z.strictObject({
    rule: z.string(),
    stack: z.string(),
    resource: z.string(),
    properties: z.array(z.string()).min(1),
    reason: z.string().min(20),
  }),
);

/** Findings that are accepted, one by one, each on a named property; the file gives the reasons. */
export const acceptedFindings: readonly Omit<LintFinding, 'message'>[] = exceptionsSchema
  .parse(JSON.parse(readFileSync(exceptionsFile, 'utf8')))
  .flatMap(({ rule, stack, resource, properties }) =>
    properties.map((property) => ({ rule, stack, resource, property })),
  );

export const isAccepted = (finding: LintFinding, accepted: Omit<LintFinding, 'message'>): boolean =>
  finding.rule === accepted.rule &&
  finding.stack === accepted.stack &&
  finding.resource === accepted.resource &&
  finding.property === accepted.property;

/** Every error and warning of cfn-lint about templates. Rejects when cfn-lint itself fails. */
export async function lint(program: string, templateFiles: readonly string[]): Promise<LintFinding[]> {
  const end = await runProgram(program, ['--format', 'json', ...templateFiles]);
  // The exit code tells which levels were found (2: errors, 4: warnings, 8: informational); 1 and the rest are failures of the program.
  if (end.code % 2 !== 0 || end.code > 14) {
    throw new Error(`cfn-lint ended with exit code ${end.code}:\n${end.stdout}\n${end.stderr}`);
  }
  return output.parse(JSON.parse(end.stdout)).map(({ Filename, Message, Rule, Location }) => {
    const [section, resource, , ...property] = Location.Path ?? [];
    return {
      rule: Rule.Id,
      stack: path.basename(Filename).replace(/^Millrace-[a-z0-9]+-|\.template\.json$/g, ''),
      resource: section === 'Resources' ? String(resource ?? '') : '',
      property: property.join('/'),
      message: Message,
    };
  });
}
