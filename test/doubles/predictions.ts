import type { FeatureServiceVersion } from '#services/feature-store/contract.ts';
import type { CapturedPrediction, GroundTruthLabel } from '#services/predictions/contract.ts';
import type { OnlineFeatures, RoutedVersion, ViewAnswer } from '#services/predictions/ports.ts';
import { manualClock } from '#shared/kernel/clock.ts';
import { AppError } from '#shared/kernel/errors.ts';
import { sequentialIds } from '#shared/kernel/ids.ts';

export type Routed = RoutedVersion;

/** A version that serves: takes `x`, unless its signature says otherwise. */
export const routedVersion = (
  modelVersion: number,
  share: number,
  signature: Partial<Routed['signature']> = {},
): Routed => ({
  model: 'tumour',
  modelVersion,
  share,
  endpointName: `e${modelVersion}`,
  artifactSha256: `sha-${modelVersion}`,
  signature: {
    task: 'binary_classification',
    inputs: [{ name: 'x', type: 'number' }],
    target: 'y',
    classes: ['0', '1'],
    ...signature,
  },
});

interface World {
  readonly versions?: readonly Routed[];
  /** Endpoints that do not answer. */
  readonly broken?: readonly string[];
  readonly services?: readonly FeatureServiceVersion[];
  /** By view, version and first join key. */
  readonly online?: Readonly<Record<string, ViewAnswer>>;
  readonly busy?: boolean;
}

/** The predictions service with a model that always says 0.75, and online values that are what they are told. */
export function predictionsWorld({
  versions = [routedVersion(1, 1)],
  broken = [],
  services = [],
  online = {},
  busy = false,
}: World = {}) {
  const captured: CapturedPrediction[] = [];
  const labels: GroundTruthLabel[] = [];
  const metered: [number, boolean][] = [];
  const sent: string[] = [];
  const reads: Parameters<OnlineFeatures['read']>[] = [];
  const features: OnlineFeatures = {
    service: async (_project, service, version) =>
      services.find((one) => one.service === service && one.version === version) ??
      Promise.reject(new AppError('not_found', 'FeatureServiceNotFound', service)),
    read: async (...asked) => {
      if (busy) throw new AppError('unavailable', 'OnlineStoreBusy', 'busy');
      reads.push(asked);
      return asked[1].map(({ view, keys }) =>
        keys.map(
          ([first]) => online[`${view.view}/${view.version}/${first}`] ?? { status: 'NOT_FOUND', values: {} },
        ),
      );
    },
  };
  const deps = {
    features,
    routing: {
      read: async () =>
        versions.length === 0
          ? undefined
          : {
              project: 'tumour',
              revision: 1,
              versions: [...versions],
              updatedAt: '2026-01-01T00:00:00.000Z',
            },
    },
    endpoints: {
      invoke: async (name: string, csv: string) => {
        if (broken.includes(name)) throw new AppError('unavailable', 'ModelUnavailable', 'broken');
        const rows = csv.split('\n');
        sent.push(...rows);
        return rows.map(() => '0.75').join('\n');
      },
    },
    captures: {
      savePredictions: async (_id: string, predictions: readonly CapturedPrediction[]) =>
        void captured.push(...predictions),
      saveLabels: async (_id: string, _project: string, given: readonly GroundTruthLabel[]) =>
        void labels.push(...given),
      findPrediction: async () => undefined,
    },
    meter: {
      record: (_project: string, modelVersion: number, { failed }: { failed: boolean }) =>
        void metered.push([modelVersion, failed]),
    },
    clock: manualClock('2026-01-01T00:00:00Z'),
    ids: sequentialIds('r'),
  };
  return { deps, captured, labels, metered, sent, reads };
}
