import type { RoutingRecord } from '#services/deployment/contract.ts';
import type {
  EntityKey,
  FeatureServiceVersion,
  FeatureStatus,
  FeatureValue,
  PinnedView,
} from '#services/feature-store/contract.ts';
import type { CapturedPrediction, GroundTruthLabel } from './contract.ts';

export * from './ports/erasing.ts';

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

/** What a feature view answers about an entity. */
export interface ViewAnswer {
  readonly status: FeatureStatus;
  /** Microseconds since 1970; absent where there is no row. */
  readonly eventAt?: number;
  /** By feature; all null unless the status is PRESENT. */
  readonly values: Readonly<Record<string, FeatureValue>>;
}

/** Online values, as the feature store's reading client answers them. */
export interface OnlineFeatures {
  /** A version never changes: it is read once. Throws FeatureServiceNotFound. */
  service(project: string, service: string, version: number): Promise<FeatureServiceVersion>;
  /** All keys of all views in one round: `answers[view][key]`. Throws OnlineStoreBusy (unavailable). */
  read(
    project: string,
    lookups: readonly { readonly view: PinnedView; readonly keys: readonly EntityKey[] }[],
    atMicroseconds: number,
  ): Promise<readonly (readonly ViewAnswer[])[]>;
}
