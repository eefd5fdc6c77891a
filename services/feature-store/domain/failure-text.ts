/** Longest failure that is kept and shown. */
const maxLength = 2000;

/** What Step Functions says of an error, in words: Lambda's cause is JSON with the message of what was thrown. */
export function failureText(error: string, cause: string): string {
  const message = messageOf(cause) ?? cause;
  return (message === '' ? error : `${error}: ${message}`).slice(0, maxLength);
}

function messageOf(cause: string): string | undefined {
  try {
    const parsed: unknown = JSON.parse(cause);
    const message = (parsed as { errorMessage?: unknown } | null)?.errorMessage;
    return typeof message === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
