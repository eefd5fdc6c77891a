/** asl-validator 4.0.0 brings no types; this is what is used of it. */
declare module 'asl-validator' {
  /** Checks a definition and writes a QueryLanguage into each of its states. */
  export default function validate(definition: object): {
    readonly isValid: boolean;
    errorsText(separator?: string): string;
  };
}
