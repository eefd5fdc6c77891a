import { type DataContract, dataContract, type ProjectDefinition } from '../contract.ts';
import type { Datasets } from '../domain/feature-rules.ts';
import { contractViolationsFor } from '../domain/project-rules.ts';
import { type FileKind, openFile } from './read-file.ts';

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
export function readContractFile(
  text: string,
  project: ProjectDefinition,
  datasets: Datasets = new Map(),
): DataContract {
  return openFile(text, contractFile).held((contract) => contractViolationsFor(project, contract, datasets));
}
