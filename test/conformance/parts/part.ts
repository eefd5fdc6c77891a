/** What a conformance check needs besides npm's packages, or why it is not to be had here. */
export type Part<Value> =
  | { readonly value: Value; readonly missing?: undefined }
  | { readonly missing: string };

/**
 * Gets a part ready: `const lint = await part(() => pythonEnvironment(…))`, then
 * `describe.skipIf(lint.missing)(checkTitle('…', lint), …)`. Where `CI` is set, a part that cannot be had fails the check instead.
 */
export async function part<Value>(get: () => Promise<Value>): Promise<Part<Value>> {
  try {
    return { value: await get() };
  } catch (error) {
    if (process.env['CI']) throw error;
    return { missing: error instanceof Error ? error.message : String(error) };
  }
}

/** The part's value, inside a check that is skipped without it. */
export function theValue<Value>(have: Part<Value>): Value {
  if (have.missing !== undefined) throw new Error(have.missing);
  return have.value;
}

/** Title of a check, with the reason where it is skipped. */
export const checkTitle = (title: string, have: Part<unknown>): string =>
  have.missing === undefined ? title : `${title} (skipped: ${have.missing})`;
