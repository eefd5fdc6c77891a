import type * as z from 'zod';
import type { readEvaluation, readVersionEvaluation } from '#services/evaluation/contract.ts';
import type { ProjectDefinition } from '#services/projects/contract.ts';
import type { DomainEvent } from '#shared/contracts/event.ts';
import type { StoredObject } from '#shared/contracts/parts.ts';

/** The evaluation of a training as it is stored: written once. */
export type Evaluation = z.output<typeof readEvaluation.response> & { readonly project: string };

export interface EvaluationStore {
  readEvaluation(trainingId: string): Promise<Evaluation | undefined>;
  /** Throws EvaluationExists (already_exists) when the training was evaluated meanwhile. */
  saveEvaluation(evaluation: Evaluation, events: readonly DomainEvent[]): Promise<void>;
}

/** The evaluation of a client's version in one of its releases: written once. */
export type VersionEvaluation = z.output<typeof readVersionEvaluation.response> & {
  readonly project: string;
};

export interface VersionEvaluationStore {
  readVersionEvaluation(
    project: string,
    modelVersion: number,
    releaseId: string,
  ): Promise<VersionEvaluation | undefined>;
  newestVersionEvaluation(project: string, modelVersion: number): Promise<VersionEvaluation | undefined>;
  /** Throws EvaluationExists (already_exists) when the release evaluated it meanwhile. */
  saveVersionEvaluation(evaluation: VersionEvaluation, events: readonly DomainEvent[]): Promise<void>;
}

export interface HeldOutObjects {
  /** Throws ContentChanged when the bytes are not those of the claim check. */
  readText(object: StoredObject): Promise<string>;
  /** Writes the report of a training or of a release; the same report again changes nothing. */
  writeReport(project: string, of: string, report: unknown): Promise<StoredObject>;
}

export interface Projects {
  gates(project: string, revision: number): Promise<ProjectDefinition['gates']>;
}
