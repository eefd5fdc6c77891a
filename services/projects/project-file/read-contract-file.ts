import { type DataContract, dataContract, type ProjectDefinition } from '../contract.ts';
import { hasContract, withContract } from '../domain/contract-rules.ts';
import { violationsOf } from '../domain/project-rules.ts';
import { type DefinitionViolation, violationWhere } from '../domain/violation.ts';
import { type FileKind, readFile } from './read-file.ts';

const contractFile: FileKind<typeof dataContract> = {
  noun: 'contract file',
  codes: 'ContractFile',
  invalid: 'InvalidContract',
  schema: dataContract,
  least: 'primaryKey and columns',
};

/**
 * Reads a contract file, YAML 1.2 or JSON, for a project, and holds it against the schema and against the rest of what the project
 * declares. Throws InvalidContract with line, column and cure of every violation, ContractFileTooLarge, ContractFileTooDeep, or
 * ContractFileEmpty.
 */
export function readContractFile(text: string, project: ProjectDefinition): DataContract {
  return readFile(text, contractFile, (contract) => contractFileViolations(contract, project));
}

/** What is wrong with a contract for a project. Paths begin at the contract; those of other parts at `project.yaml`. */
export function contractFileViolations(
  contract: DataContract,
  project: ProjectDefinition,
): DefinitionViolation[] {
  const missing = violationWhere(
    !hasContract(contract),
    ['columns'],
    'a contract needs columns; declare them by name',
  );
  if (missing.length > 0) return missing;
  return violationsOf(withContract(project, contract)).map(({ path: [part, ...below], message }) => ({
    path: part === 'data' ? below : ['project.yaml', ...(part === undefined ? [] : [part]), ...below],
    message,
  }));
}
