import { type DataContract, type ProjectDefinition, projectDefinition } from '../contract.ts';
import { hasContract, keptContractViolations, withContract } from '../domain/contract-rules.ts';
import { violationsOf } from '../domain/project-rules.ts';
import { type DefinitionViolation, violationWhere } from '../domain/violation.ts';
import { type FileKind, readFile } from './read-file.ts';

const projectFile: FileKind<typeof projectDefinition> = {
  noun: 'project file',
  codes: 'ProjectFile',
  invalid: 'InvalidProject',
  schema: projectDefinition,
  least: 'name, owners, data and target',
};

/**
 * Reads a project file, YAML 1.2 or JSON, and holds it against the schema and the rules that span parts. Throws
 * InvalidProject with line, column and cure of every violation (at most 50), ProjectFileTooLarge, ProjectFileTooDeep, or ProjectFileEmpty.
 * `name` is the project that the file is applied to, `kept` the contract that it has: a file without columns keeps it.
 */
export function readProjectFile(text: string, name: string, kept?: DataContract): ProjectDefinition {
  const isKept = (file: ProjectDefinition): boolean =>
    kept !== undefined && hasContract(kept) && !hasContract(file.data) && file.data.rules.length === 0;
  const whole = (file: ProjectDefinition): ProjectDefinition =>
    isKept(file) ? withContract(file, kept!) : file;
  const read = readFile(text, projectFile, (file) => [
    ...nameViolations(file, name),
    ...(isKept(file) ? keptContractViolations(file, kept!) : []),
    ...violationsOf(whole(file)),
  ]);
  return whole(read);
}

function nameViolations(definition: ProjectDefinition, name: string): DefinitionViolation[] {
  return violationWhere(
    definition.name !== name,
    ['name'],
    `the file names the project '${definition.name}', but it is applied to '${name}'; change one of them`,
  );
}
