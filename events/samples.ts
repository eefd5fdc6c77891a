import type { DomainEvent } from '#shared/contracts/event.ts';
import { dataSamples } from './samples/data.ts';
import { featureSamples } from './samples/features.ts';
import { monitoringSamples } from './samples/monitoring.ts';
import { registrySamples } from './samples/registry.ts';
import { releaseSamples } from './samples/release.ts';
import { trackingSamples } from './samples/tracking.ts';
import { trainingSamples } from './samples/training.ts';
import { versionSamples } from './samples/versions.ts';

/** One realistic sample of every event: a journey of the example project, and what may happen beside it. Causes come first. */
export const samples: readonly DomainEvent[] = [
  ...dataSamples,
  ...versionSamples,
  ...trainingSamples,
  ...registrySamples,
  ...releaseSamples,
  ...monitoringSamples,
  ...trackingSamples,
  ...featureSamples,
];
