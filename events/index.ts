import type { EventDefinition } from '#shared/contracts/event.ts';
import * as approvals from './approvals.ts';
import * as datasets from './datasets.ts';
import * as deployment from './deployment.ts';
import * as evaluation from './evaluation.ts';
import * as featureStore from './feature-store.ts';
import * as monitoring from './monitoring.ts';
import * as predictions from './predictions.ts';
import * as projects from './projects.ts';
import * as registry from './registry.ts';
import * as tracking from './tracking.ts';
import * as training from './training.ts';
import * as validation from './validation.ts';

const isEvent = (value: unknown): value is EventDefinition =>
  typeof value === 'object' && value !== null && 'detailType' in value;

/** Every event that the platform publishes. */
export const allEvents: readonly EventDefinition[] = [
  projects,
  datasets,
  validation,
  featureStore,
  tracking,
  training,
  evaluation,
  registry,
  approvals,
  deployment,
  predictions,
  monitoring,
].flatMap((module) => Object.values(module).filter(isEvent));
