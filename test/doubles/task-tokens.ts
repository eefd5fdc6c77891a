export interface TokenAnswer {
  readonly taskToken: string;
  readonly output?: unknown;
  readonly code?: string;
  readonly cause?: string;
}

/** Task tokens that remember what they were answered with. */
export function recordingTokens() {
  const answers: TokenAnswer[] = [];
  return {
    answers,
    async succeed(taskToken: string, output: unknown): Promise<void> {
      answers.push({ taskToken, output });
    },
    async fail(taskToken: string, code: string, cause: string): Promise<void> {
      answers.push({ taskToken, code, cause });
    },
  };
}
