declare module 'spdx-satisfies' {
  /** Whether a licence expression is met by one of the licences. Throws for what is no expression. */
  export default function satisfies(expression: string, licences: readonly string[]): boolean;
}
