/** A version as it stands in SageMaker's Model Registry. */
export interface MirroredVersion {
  readonly project: string;
  readonly model: string;
  readonly modelVersion: number;
  readonly description: string;
  /** Absent where the version was not made of something that a container serves. */
  readonly inference?: { readonly image: string; readonly modelDataUrl: string };
  readonly sourceUri?: string;
  /** Report of the evaluation, JSON. */
  readonly metricsReport?: string;
  /** Digests, metrics and where it came from. */
  readonly properties: Readonly<Record<string, string>>;
}

export type ApprovalStatus = 'Approved' | 'Rejected';

/** SageMaker's Model Registry: a group of packages per model. */
export interface PackageMirror {
  /** Makes the package of a version, and its group before; for the same version again, answers the same ARN. */
  create(version: MirroredVersion): Promise<string>;
  setApproval(packageArn: string, status: ApprovalStatus, reason: string): Promise<void>;
}

/** Which package is a version's. */
export interface PackageStore {
  readPackage(project: string, modelVersion: number): Promise<string | undefined>;
  savePackage(project: string, modelVersion: number, packageArn: string): Promise<void>;
}
