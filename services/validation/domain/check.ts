/** The check of a version that goes on now, of those in the order that they were asked for: one at a time. */
export function currentCheck<Check extends { readonly status: string }>(
  checks: readonly Check[],
): Check | undefined {
  return checks.find(({ status }) => status !== 'planned') ?? checks[0];
}

/** So often a check is set to work before its version is called unreadable. */
export const maxAttempts = 4;
