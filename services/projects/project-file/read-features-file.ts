import {
  type FeatureDefinitions,
  featureDefinitions,
  foreignDatasets,
  type ProjectDefinition,
} from '../contract.ts';
import type { Datasets } from '../domain/feature-rules.ts';
import { featureViolationsFor } from '../domain/project-rules.ts';
import { type FileKind, openFile } from './read-file.ts';

const featuresFile: FileKind<typeof featureDefinitions> = {
  noun: 'features file',
  codes: 'FeaturesFile',
  invalid: 'InvalidFeatures',
  schema: featureDefinitions,
  least: 'entities, sources and featureViews',
};

/** A file of feature definitions that keeps its schema. */
export interface OpenedFeaturesFile {
  /** Other projects whose datasets it names. */
  readonly datasets: readonly string[];
  /** Holds it against the rest of what the project declares. Throws InvalidFeatures with line, column and cure of every violation. */
  read(project: ProjectDefinition, datasets: Datasets): FeatureDefinitions;
}

/**
 * Opens a file of feature definitions, YAML 1.2 or JSON, for a project. Throws InvalidFeatures with line, column and cure of every
 * violation, FeaturesFileTooLarge, FeaturesFileTooDeep, or FeaturesFileEmpty.
 */
export function openFeaturesFile(text: string, project: string): OpenedFeaturesFile {
  const file = openFile(text, featuresFile);
  return {
    datasets: foreignDatasets(file.value, project),
    read: (definition, datasets) =>
      file.held((features) => featureViolationsFor(definition, features, datasets)),
  };
}
