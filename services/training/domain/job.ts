/** What SageMaker says of a job, as far as the platform acts on it. */
export type JobOutcome =
  | { readonly status: 'running' }
  /** Its creation is under way still, or SageMaker refused it. */
  | { readonly status: 'absent' }
  | {
      readonly status: 'completed';
      /** Address of what the job made: model.tar.gz, or the predictions. */
      readonly outputUri: string;
      readonly metrics: Readonly<Record<string, number>>;
      readonly billableSeconds: number;
    }
  | { readonly status: 'failed' | 'stopped'; readonly reason: string };

/** The error that an execution gets for a job that did not complete: its name is what the machine's Catch matches. */
export function jobFailure(
  kind: 'training' | 'transform',
  outcome: { status: 'failed' | 'stopped'; reason: string },
): { error: string; cause: string } {
  const noun = kind === 'training' ? 'TrainingJob' : 'TransformJob';
  return { error: `${noun}${outcome.status === 'failed' ? 'Failed' : 'Stopped'}`, cause: outcome.reason };
}

/** Where a transform job puts the predictions for an input: its file name with `.out`, below the output's prefix. */
export function transformOutputUri(outputPrefixUri: string, inputUri: string): string {
  return `${outputPrefixUri}/${inputUri.slice(inputUri.lastIndexOf('/') + 1)}.out`;
}
