import type { RoutingRecord } from '#services/deployment/contract.ts';
import type { CapturedPrediction, GroundTruthLabel } from './contract.ts';

export type RoutedVersion = RoutingRecord['versions'][number];

export interface Routing {
  /** The project’s routing record, at most a second old; undefined while nothing is deployed. */
  read(project: string): Promise<RoutingRecord | undefined>;
}

export interface Endpoints {
  /** Sends CSV rows to an endpoint, returns its answer. Throws ModelUnavailable (unavailable) when the model or its endpoint fails. */
  invoke(endpointName: string, csv: string, inferenceId: string): Promise<string>;
}

/** Counts what each version answered, for alarms and pictures. */
export interface ServingMeter {
  record(project: string, modelVersion: number, outcome: { failed: boolean; latencyMs: number }): void;
}

export interface Captures {
  savePredictions(requestId: string, predictions: readonly CapturedPrediction[]): Promise<void>;
  saveLabels(batchId: string, project: string, labels: readonly GroundTruthLabel[]): Promise<void>;
  findPrediction(project: string, inferenceId: string): Promise<CapturedPrediction | undefined>;
}
