import type { Journey } from '#services/governance/contract.ts';
import type { Fact } from './facts.ts';

type Step = Journey['steps'][number];
export type StepName =
  | 'upload'
  | 'contract'
  | 'validation'
  | 'release'
  | 'drift'
  | 'performance'
  | 'request'
  | 'training_set'
  | 'training'
  | 'evaluation'
  | 'registration'
  | 'approval'
  | 'deployment'
  | 'canary'
  | 'promotion'
  | 'rollback'
  | 'features'
  | 'retrieval'
  | 'freshness'
  | 'skew'
  | 'feature_erasure'
  | 'captures_erasure'
  /** One per view: others may fail beside it. */
  | `materialization ${string}`;

const titles: Readonly<Record<string, string>> = {
  upload: 'Upload',
  contract: 'Contract',
  validation: 'Validation',
  release: 'Released rows',
  drift: 'Drift',
  performance: 'Performance',
  request: 'Training request',
  training_set: 'Training set',
  training: 'Training',
  evaluation: 'Evaluation',
  registration: 'Registration',
  approval: 'Approval',
  deployment: 'Endpoint',
  canary: 'Canary',
  promotion: 'Promotion',
  rollback: 'Rollback',
  features: 'Features',
  retrieval: 'Historical features',
  freshness: 'Freshness',
  skew: 'Serving skew',
  feature_erasure: 'Erasure by key',
  captures_erasure: 'Captured predictions',
};

/** What people read above a step. */
export const titleOf = (step: StepName): string =>
  titles[step] ?? step.replace(/^materialization /, 'Online values of ');

/** What a fact says of the journey’s steps: ends one, begins the next. */
export interface StepChange {
  readonly step: StepName;
  readonly status: Step['status'];
  readonly summary: string;
  /** Replaces what the step came to before, a failure included. */
  readonly again?: boolean;
  /** Says nothing where the step is not waiting. */
  readonly onlyWaiting?: boolean;
}

export type Reading = (data: Fact['data'], fact: Fact) => readonly StepChange[];

export const done = (step: StepName, summary: string): StepChange => ({ step, status: 'done', summary });
export const failed = (step: StepName, summary: string): StepChange => ({ step, status: 'failed', summary });
export const running = (step: StepName, summary: string): StepChange => ({
  step,
  status: 'running',
  summary,
});
export const skipped = (step: StepName, summary: string): StepChange => ({
  step,
  status: 'skipped',
  summary,
});
