import { AppError } from '#shared/kernel/errors.ts';

/** What is wrong with an expression and where: `offset` counts characters of the text from 0. */
export function invalidExpression(text: string, offset: number, message: string): AppError {
  const before = text.slice(0, offset).split('\n');
  const line = before.length;
  const column = before.at(-1)!.length + 1;
  const place = line === 1 ? `character ${column}` : `line ${line}, character ${column}`;
  return new AppError('invalid_input', 'InvalidExpression', `At ${place} of the expression: ${message}.`, {
    violations: [{ path: '', message, line, column }],
  });
}
