import type { StoredObject } from '#shared/contracts/parts.ts';

/** A file of captured predictions of one model version: JSON lines (predictions/contract.ts: capturedPrediction). */
export interface CaptureFile {
  readonly project: string;
  readonly modelVersion: number;
  readonly object: StoredObject;
  /** Lines. */
  readonly count: number;
  readonly firstAt: string;
  readonly lastAt: string;
}

/** ISO times, both included. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What the feature store knows of captured predictions: its own projection of predictions’ facts. */
export interface CaptureFiles {
  /** A file that is known already stays as it is known: it may have been rewritten since. */
  add(file: CaptureFile): Promise<void>;
  /** Files that hold a prediction of the period, or may, in the order of their last one. */
  list(project: string, period: Period): Promise<readonly CaptureFile[]>;
  /** Since some of its lines were erased a file has other content; without any it is listed no more. */
  replace(file: CaptureFile): Promise<void>;
}
