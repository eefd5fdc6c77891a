import type { OpenLineageEvent } from '#services/governance/contract.ts';
import type { Fact } from '../facts.ts';
import { dataReadings } from './data-readings.ts';
import { featureReadings } from './feature-readings.ts';
import { modelReadings } from './model-readings.ts';
import type { OpenLineagePlatform, Reading } from './parts.ts';
import { releaseReadings } from './release-readings.ts';

const readings: Readonly<Record<string, Reading>> = {
  ...dataReadings,
  ...featureReadings,
  ...modelReadings,
  ...releaseReadings,
};

/** Facts that OpenLineage has no words for, or that another fact tells, and why. */
export const untold: Readonly<Record<string, string>> = {
  ApprovalExpired: 'ReleaseRejected ends the run.',
  CapturesErased: 'Lines of predictions went; what is left keeps its name.',
  ContractApproved: 'ProjectApplied tells of the revision that it becomes.',
  DatasetDiffRequested: 'A question that somebody asked.',
  DriftDetected: 'DriftEvaluated tells of the same window.',
  EndpointRetired: 'No data and no run.',
  ExperimentChanged: 'No data and no run.',
  FeatureErasureCompleted: 'Rows of entities went; what is left keeps its name.',
  FeatureErasureRequested: 'FeatureErasureCompleted tells what became of it.',
  FeatureFreshnessBreached: 'No data and no run.',
  FeatureFreshnessRestored: 'No data and no run.',
  FeatureSkewCheckRequested: 'A look at what was served.',
  FeaturesDefined: 'What may be read; FeaturesMaterialized and HistoricalFeaturesRetrieved tell what was.',
  TrainingServingSkewDetected: 'What was served differed; no data was made.',
  ModelVersionChanged: 'Words and tags of clients about a version.',
  PromptVersionCreated: 'A text that no data went into.',
  QuarantineReleased: 'ValidationCompleted tells of the rows again.',
  RunChanged: 'Words and tags of clients about a run.',
  RunFinished: 'TrainingCompleted tells of the platform’s; what clients’ runs read is not known.',
  SchemaSuggested: 'A contract that waits for a person.',
  SuggestionRefused: 'No contract, and nothing ran.',
  TrafficShifted: 'Shares of traffic: no data and no state of the run.',
  TrainingSuppressed: 'Nothing ran.',
};

/** A fact in OpenLineage's words; none where it is in `untold` or not known. Pure: the same fact gives the same events. */
export function openLineageEventsOf(fact: Fact, platform: OpenLineagePlatform): readonly OpenLineageEvent[] {
  return readings[fact.name]?.(fact.data, { fact, platform }) ?? [];
}
