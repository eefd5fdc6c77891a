import { AwsError } from '../emulated-service.ts';

/**
 * Compiles a filter pattern for unstructured log events: all terms must occur, `-term` must not, of several `?term` one must; a term
 * in quotes may hold spaces ("Filter pattern syntax", CloudWatch Logs User Guide).
 * @throws AwsError NotImplemented (501) for patterns on JSON or space-delimited events
 */
export function compileFilterPattern(pattern: string): (message: string) => boolean {
  const text = pattern.trim();
  if (/^[{[%]/.test(text)) {
    throw new AwsError(
      'NotImplemented',
      `The laptop runtime filters log events by terms only, not by ${text}.`,
      501,
    );
  }
  const terms = text.match(/[-?]?"[^"]*"|\S+/g) ?? [];
  const unquoted = (term: string) => term.replace(/^[-?]/, '').replace(/^"(.*)"$/, '$1');
  const excluded = terms.filter((term) => term.startsWith('-')).map(unquoted);
  const optional = terms.filter((term) => term.startsWith('?')).map(unquoted);
  const required = terms.filter((term) => !/^[-?]/.test(term)).map(unquoted);
  return (message) =>
    required.every((term) => message.includes(term)) &&
    !excluded.some((term) => message.includes(term)) &&
    (optional.length === 0 || optional.some((term) => message.includes(term)));
}
