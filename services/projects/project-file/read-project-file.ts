import {
  type DataContract,
  foreignDatasets,
  type ProjectDefinition,
  projectDefinition,
} from '../contract.ts';
import { hasContract, keptContractViolations, withContract } from '../domain/contract-rules.ts';
import type { Datasets } from '../domain/feature-rules.ts';
import { violationsOf } from '../domain/project-rules.ts';
import { type DefinitionViolation, violationWhere } from '../domain/violation.ts';
import { type FileKind, type OpenedFile, openFile } from './read-file.ts';

const projectFile: FileKind<typeof projectDefinition> = {
  noun: 'project file',
  codes: 'ProjectFile',
  invalid: 'InvalidProject',
  schema: projectDefinition,
  least: 'name, owners and data',
};

/** A project file that keeps its schema. */
export interface OpenedProjectFile {
  /** Other projects whose datasets it names. */
  readonly datasets: readonly string[];
  /**
   * Holds it against the rules that span parts. `kept` is the contract that the project has: a file without columns keeps it. Throws
   * InvalidProject with line, column and cure of every violation (at most 50).
   */
  read(kept: DataContract | undefined, datasets: Datasets): ProjectDefinition;
}

/**
 * Opens a project file, YAML 1.2 or JSON, that is applied to the project `name`. Throws InvalidProject with line, column and cure of every
 * violation (at most 50), ProjectFileTooLarge, ProjectFileTooDeep, or ProjectFileEmpty.
 */
export function openProjectFile(text: string, name: string): OpenedProjectFile {
  const file = openFile(text, projectFile);
  return {
    datasets: foreignDatasets(file.value.features, file.value.name),
    read: (kept, datasets) => readOpened(file, name, kept, datasets),
  };
}

function readOpened(
  opened: OpenedFile<ProjectDefinition>,
  name: string,
  kept: DataContract | undefined,
  datasets: Datasets,
): ProjectDefinition {
  const isKept = (file: ProjectDefinition): boolean =>
    kept !== undefined && hasContract(kept) && !hasContract(file.data) && file.data.rules.length === 0;
  const whole = (file: ProjectDefinition): ProjectDefinition =>
    isKept(file) ? withContract(file, kept!) : file;
  const read = opened.held((file) => [
    ...nameViolations(file, name),
    ...(isKept(file) ? keptContractViolations(file, kept!) : []),
    ...violationsOf(whole(file), datasets),
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
