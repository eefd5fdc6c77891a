import type * as z from 'zod';
import type { ItemKinds, Stored } from '#shared/aws/item-versions.ts';
import type { FeatureServiceVersion, FeatureViewVersion, trainingSet } from '../contract.ts';
import type { CaptureFile } from '../ports/capture-files.ts';
import type {
  DefinedRevision,
  ErasedRecordFile,
  FeatureErasureRecord,
  FreshnessBreach,
  KeptReport,
  LandingRecord,
  MaterializationRun,
  Materializer,
  PartOutcome,
  PinningModel,
  RecordFile,
  RetrievalRecord,
  RunningFeatureErasure,
  SkewState,
  StreamFill,
  ViewState,
} from '../ports.ts';

/** What the table holds, by kind: keys, versions, and how older versions are read. */
export const itemKinds = {
  trainingSet: { key: /^TRAININGSET#.+ \/ TRAININGSET$/, schemaVersion: 1 },
  record: { key: /^RECORD#.+ \/ RECORD$/s, schemaVersion: 1 },
  streamFill: { key: /^STREAMFILL#.+ \/ FILL$/, schemaVersion: 1 },
  recordFile: { key: /^RECORDS#.+ \/ FILE#.+$/s, schemaVersion: 1 },
  onlineValues: { key: /^ONLINE#.+ \/ VALUES$/s, schemaVersion: 1 },
  newest: { key: /^PROJECT#.+ \/ NEWEST$/, schemaVersion: 1 },
  materializer: { key: /^MATERIALIZER#.+ \/ MATERIALIZER$/, schemaVersion: 1 },
  materialization: { key: /^MATERIALIZATIONS#.+ \/ .+$/, schemaVersion: 1 },
  materializedPart: { key: /^MATERIALIZATION#.+ \/ PART#\d+$/, schemaVersion: 1 },
  viewState: { key: /^VIEWSTATE#.+ \/ VIEWSTATE$/, schemaVersion: 1 },
  datasetReader: { key: /^DATASET#.+ \/ VIEW#.+$/, schemaVersion: 1 },
  captureFile: { key: /^CAPTURES#.+ \/ \d{4}-.+#s3:/, schemaVersion: 1 },
  newestRevision: { key: /^FEATURES#.+ \/ REVISION$/, schemaVersion: 1 },
  featureRevision: { key: /^FEATURES#.+ \/ REVISION#\d{6}$/, schemaVersion: 1 },
  featureView: { key: /^VIEW#.+ \/ V#\d{6}$/, schemaVersion: 1 },
  featureService: { key: /^SERVICE#.+ \/ V#\d{6}$/, schemaVersion: 1 },
  pin: { key: /^SERVICE#.+ \/ PIN#\d{6}#.+$/, schemaVersion: 1 },
  pinnedService: { key: /^PINNED#.+ \/ SERVICE#.+$/, schemaVersion: 1 },
  retrieval: { key: /^RETRIEVALS#.+ \/ .+$/, schemaVersion: 1 },
  retrievalJob: { key: /^RETRIEVALJOB#.+ \/ JOB$/, schemaVersion: 1 },
  entityFile: { key: /^ENTITYFILES#.+ \/ .+$/, schemaVersion: 1 },
  freshnessBreach: { key: /^FRESHNESS#.+ \/ VIEW#.+$/, schemaVersion: 1 },
  skewState: { key: /^SKEW#.+ \/ STATE$/, schemaVersion: 1 },
  skewReport: { key: /^SKEW#.+ \/ REPORT#.+$/, schemaVersion: 1 },
  featureErasure: { key: /^FEATUREERASURES#.+ \/ ERASURE#.+$/, schemaVersion: 1 },
  runningFeatureErasure: { key: /^FEATUREERASURES#.+ \/ RUNNING$/, schemaVersion: 1 },
  erasedRecordFile: { key: /^FEATUREERASURE#.+ \/ FILE#/, schemaVersion: 1 },
} as const satisfies ItemKinds;

/** Of items that the index lists, as long as they are in it. */
type Listed = { readonly gsi1pk?: string; readonly gsi1sk?: string };

/** The newest row of an entity of a version of a view, or the windows of its rows. */
export type OnlineItem = Stored<{
  /** Of the newest row: an older one never takes its place. */
  readonly rank: string;
  /** Of the newest row, in microseconds. */
  readonly eventAt: number;
  /** JSON by feature, of a view with a schema: numbers stay what they are. */
  readonly values?: string;
  /** Gzipped JSON of a WindowState, of a view with aggregations. */
  readonly state?: Uint8Array;
  /** Of the windows of a stream: counts their changes, of which not all bring a newer row. */
  readonly revision?: number;
  /** Of the windows of a stream: the records from before the version are in. */
  readonly isFilled?: boolean;
  readonly expiresAt?: number;
}>;

/** The items as they are stored. A change of shape needs the next version, an upcast and a golden item: docs/guide/operations.md. */
export interface StoredItems {
  readonly trainingSet: Stored<{
    readonly project: string;
    readonly trainingSet: z.output<typeof trainingSet>;
  }>;
  readonly onlineValues: OnlineItem;
  /** A record of a stream, so that it counts once, and until it has landed. */
  readonly record: Stored<LandingRecord & { readonly expiresAt: number }>;
  readonly streamFill: Stored<StreamFill>;
  /** `sha256` is the file's, for conditions. */
  readonly recordFile: Stored<RecordFile & { readonly sha256: string }>;
  /** Which of a project's training sets was built last. */
  readonly newest: Stored<{ readonly trainingSetId: string }>;
  readonly materializer: Stored<{ readonly materializer: Materializer; readonly revision: number }>;
  readonly materialization: Stored<{ readonly run: MaterializationRun }>;
  readonly materializedPart: Stored<{ readonly outcome: PartOutcome; readonly expiresAt: number }>;
  /** `newest` is the newest event time of a stream in microseconds, for conditions. */
  readonly viewState: Stored<{ readonly state: ViewState; readonly newest?: number }>;
  /** A version of a view that is made of a dataset. */
  readonly datasetReader: Stored<{
    readonly project: string;
    readonly view: string;
    readonly version: number;
  }>;
  readonly captureFile: Stored<CaptureFile>;
  /** What the newest revision of a project declares; in the index where it declares views. */
  readonly newestRevision: Stored<{
    readonly projectRevision: number;
    readonly revision: DefinedRevision;
    readonly gsi1pk?: string;
    readonly gsi1sk?: string;
  }>;
  readonly featureRevision: Stored<{ readonly revision: DefinedRevision }>;
  readonly featureView: Stored<{ readonly definition: FeatureViewVersion }>;
  readonly featureService: Stored<{ readonly definition: FeatureServiceVersion }>;
  /** A model version that keeps a version of a service. */
  readonly pin: Stored<PinningModel>;
  /** A service that some model version keeps a version of, whether or not it is declared still. */
  readonly pinnedService: Stored<{ readonly project: string; readonly service: string }>;
  /** A retrieval of historical features; in the index until it ended. */
  readonly retrieval: Stored<RetrievalRecord & Listed>;
  readonly retrievalJob: Stored<
    Pick<RetrievalRecord, 'project' | 'retrievalId'> & { readonly expiresAt: number }
  >;
  /** A file of entity rows that somebody may send, or has sent. */
  readonly entityFile: Stored<
    { readonly project: string; readonly fileId: string; readonly createdAt: string } & Listed
  >;
  readonly freshnessBreach: Stored<FreshnessBreach>;
  /** Up to when what was served was looked at. */
  readonly skewState: Stored<SkewState>;
  readonly skewReport: Stored<KeptReport & { readonly completedAt: string; readonly verdict: string }>;
  readonly featureErasure: Stored<FeatureErasureRecord>;
  /** The erasure by entity key that works on a project, or waits for others. */
  readonly runningFeatureErasure: Stored<RunningFeatureErasure>;
  readonly erasedRecordFile: Stored<ErasedRecordFile>;
}
