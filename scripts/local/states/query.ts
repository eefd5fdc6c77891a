import jsonata from 'jsonata';
import { StateFailure } from './errors.ts';
import { queryFunctions } from './query-functions.ts';

/** What an expression sees: `$states` and the variables in scope, by name without the dollar sign. */
export type Bindings = Readonly<Record<string, unknown>>;

const EXPRESSION = /^\{%(.*)%\}$/s;
const compiled = new Map<string, jsonata.Expression>();

/** The JSONata source between `{%` and `%}`; undefined for any other value. */
export function expressionSource(value: unknown): string | undefined {
  return typeof value === 'string' ? EXPRESSION.exec(value)?.[1] : undefined;
}

/** Compiles an expression, once. @throws Error that says what is wrong and where */
export function compileExpression(source: string): jsonata.Expression {
  let expression = compiled.get(source);
  if (expression === undefined) {
    expression = parse(source);
    for (const { name, implementation, signature } of queryFunctions) {
      expression.registerFunction(name, implementation, signature);
    }
    compiled.set(source, expression);
  }
  return expression;
}

function parse(source: string): jsonata.Expression {
  try {
    const expression = jsonata(source);
    if (callsEval(expression.ast())) throw new Error('$eval is not supported by Step Functions');
    return expression;
  } catch (error) {
    throw new Error(`the JSONata expression '${source.trim()}' is not valid: ${describe(error)}`);
  }
}

/** JSONata throws plain objects with a message as well as Errors. */
function describe(error: unknown): string {
  if (typeof error !== 'object' || error === null || !('message' in error)) return String(error);
  const position = 'position' in error ? ` (at position ${String(error.position)})` : '';
  return `${String(error.message)}${position}`;
}

function callsEval(node: unknown): boolean {
  if (typeof node !== 'object' || node === null) return false;
  if ('type' in node && node.type === 'variable' && 'value' in node && node.value === 'eval') return true;
  return Object.values(node).some(callsEval);
}

/**
 * Evaluates a JSON value in which every string `{% … %}` is a JSONata expression.
 * @param location field for the error, e.g. `Arguments`
 * @throws StateFailure States.QueryEvaluationError when an expression fails or yields nothing or what is no JSON
 */
export async function evaluate(template: unknown, bindings: Bindings, location: string): Promise<unknown> {
  const source = expressionSource(template);
  if (source !== undefined) return evaluateSource(source, bindings, location);
  if (Array.isArray(template)) {
    const items: unknown[] = [];
    for (const [index, item] of template.entries()) {
      items.push(await evaluate(item, bindings, `${location}[${index}]`));
    }
    return items;
  }
  if (typeof template !== 'object' || template === null) return template;
  const fields: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(template)) {
    fields[name] = await evaluate(value, bindings, `${location}/${name}`);
  }
  return fields;
}

async function evaluateSource(source: string, bindings: Bindings, location: string): Promise<unknown> {
  let value: unknown;
  try {
    value = await compileExpression(source).evaluate(undefined, bindings);
  } catch (error) {
    throw queryFailure(source, location, `threw an error: ${describe(error)}`);
  }
  if (value === undefined) throw queryFailure(source, location, 'returned nothing (undefined)');
  const text = JSON.stringify(value, (_name, part: unknown) => {
    if (typeof part !== 'function' && !isJsonataFunction(part)) return part;
    throw queryFailure(source, location, 'returned a function, which is no JSON value');
  });
  // JSONata marks its arrays with hidden properties; a round trip through JSON leaves plain data.
  return JSON.parse(text) as unknown;
}

function isJsonataFunction(part: unknown): boolean {
  return (
    typeof part === 'object' && part !== null && ('_jsonata_function' in part || '_jsonata_lambda' in part)
  );
}

function queryFailure(source: string, location: string, what: string): StateFailure {
  return new StateFailure(
    'States.QueryEvaluationError',
    `The JSONata expression '${source.trim()}' specified for the field '${location}' ${what}`,
  );
}
