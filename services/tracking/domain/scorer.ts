import { AppError } from '#shared/kernel/errors.ts';
import { invalidParameterValue } from './limits.ts';

/** A scorer of an experiment with its versions: code or instructions, as clients serialize them, that judge answers of a model. */
export interface Scorer {
  readonly scorerId: string;
  readonly experimentId: string;
  readonly name: string;
  /** Oldest first. */
  readonly versions: readonly ScorerVersion[];
}

export interface ScorerVersion {
  readonly version: number;
  /** JSON of the client; nothing here runs what it holds. */
  readonly serialized: string;
  readonly createdAtMs: number;
}

const maxNameLength = 256;

/** Throws InvalidParameter for a name or a scorer that clients could not use. */
export function assertScorer(name: string, serialized: string): void {
  if (name.trim() === '')
    throw invalidParameterValue('Scorer name cannot be empty or contain only whitespace.');
  if (name.length > maxNameLength) {
    throw invalidParameterValue(
      `The scorer's name has ${name.length} characters; ${maxNameLength} are allowed.`,
    );
  }
  try {
    JSON.parse(serialized);
  } catch {
    throw invalidParameterValue('serialized_scorer must be valid JSON');
  }
}

/** Adds a version behind the newest. */
export function withVersion(scorer: Scorer, serialized: string, nowMs: number): Scorer {
  const version = (scorer.versions.at(-1)?.version ?? 0) + 1;
  return { ...scorer, versions: [...scorer.versions, { version, serialized, createdAtMs: nowMs }] };
}

export const scorerNotFound = (experimentId: string, name: string, version?: number): AppError =>
  new AppError(
    'not_found',
    'ScorerNotFound',
    version === undefined
      ? `Scorer with name '${name}' not found for experiment ${experimentId}.`
      : `Scorer with name '${name}' and version ${version} not found for experiment ${experimentId}.`,
  );

/** A version by its number, else the newest. Throws ScorerNotFound. */
export function versionOf(scorer: Scorer, version: number | undefined): ScorerVersion {
  const found =
    version === undefined ? scorer.versions.at(-1) : scorer.versions.find((each) => each.version === version);
  if (found) return found;
  throw scorerNotFound(scorer.experimentId, scorer.name, version);
}
