import jsonata from 'jsonata';
import { type AssignedBefore, assignedBefore } from './assignments.ts';
import { type Flow, innerFlows, type State } from './definition.ts';
import { freeNames } from './free-names.ts';

/** Functions that Step Functions adds to JSONata; `$eval` is the one it takes away. */
const addedFunctions: ReadonlySet<string> = new Set([
  'partition',
  'range',
  'hash',
  'random',
  'uuid',
  'parse',
]);

/** One expression of a machine and what it may refer to where it stands. */
interface Expression {
  readonly source: string;
  readonly location: string;
  readonly variables: ReadonlySet<string>;
  readonly statesMembers: readonly string[];
}

/**
 * What is wrong with the JSONata of a machine, one line each with its place: what the pinned engine cannot parse, `$eval`, variables that some
 * way to the state leaves unassigned, members that `$states` does not have there, and reads of an input other than `$states`.
 */
export async function expressionFaults(flow: Flow): Promise<{ faults: string[]; count: number }> {
  const expressions = expressionsOf(flow, assignedBefore(flow));
  const faults = await Promise.all(expressions.map(faultsOf));
  return { faults: faults.flat(), count: expressions.length };
}

async function faultsOf({ source, location, variables, statesMembers }: Expression): Promise<string[]> {
  let ast: unknown;
  try {
    ast = jsonata(source).ast();
  } catch (error) {
    return [`${location}: '${source.trim()}' cannot be parsed: ${(error as Error).message}`];
  }
  const free = freeNames(ast);
  const unknown: string[] = [];
  for (const name of free.variables) {
    if (name === 'eval') unknown.push(`${location}: calls $eval, which Step Functions does not have`);
    else if (!variables.has(name) && !addedFunctions.has(name) && !(await isFunction(name)))
      unknown.push(`${location}: $${name} is not assigned on every way to the state`);
  }
  return [
    ...unknown,
    ...[...free.statesMembers]
      .filter((member) => !statesMembers.includes(member))
      .map((member) => `${location}: $states has no ${member} there`),
    ...free.inputReads.map((name) => `${location}: reads ${name} of an input; it comes in $states`),
  ];
}

/** Whether the engine has a function of its own by that name. */
const isFunction = async (name: string): Promise<boolean> =>
  (await jsonata(`$exists($${name})`).evaluate(undefined)) === true;

function expressionsOf(flow: Flow, assigned: AssignedBefore): Expression[] {
  return Object.entries(flow.States).flatMap(([name, state]) => {
    const { Branches: _b, ItemProcessor: _i, ...own } = state;
    const variables = assigned.get(state) ?? new Set();
    const here = Object.entries(own).flatMap(([field, value]) =>
      sourcesIn(value, `${name}/${field}`).map((one) => ({
        ...one,
        variables,
        statesMembers: membersIn(field, state),
      })),
    );
    return [...here, ...innerFlows(state).flatMap((inner) => expressionsOf(inner, assigned))];
  });
}

/** Results are there when a state has succeeded, errors when it has failed. */
function membersIn(field: string, { Type }: State): readonly string[] {
  const hasResult = ['Task', 'Map', 'Parallel'].includes(Type) && ['Assign', 'Output'].includes(field);
  return [
    'input',
    'context',
    ...(hasResult ? ['result'] : []),
    ...(field === 'Catch' ? ['errorOutput'] : []),
  ];
}

function sourcesIn(value: unknown, location: string): { source: string; location: string }[] {
  if (typeof value === 'string') {
    const source = /^\{%(.*)%\}$/s.exec(value)?.[1];
    return source === undefined ? [] : [{ source, location }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([member, inner]) => sourcesIn(inner, `${location}/${member}`));
}
