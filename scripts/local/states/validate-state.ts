import type { State, TaskState } from './asl.ts';
import { compileExpression, expressionSource } from './query.ts';
import { parseResource, supportedResources } from './resource.ts';

/** One fault of a definition, as ValidateStateMachineDefinition reports it. */
export interface DefinitionIssue {
  readonly code: string;
  readonly message: string;
  /** Where it is, e.g. `/States/Train`. */
  readonly location: string;
}

export function issue(code: string, message: string, location: string): DefinitionIssue {
  return { code, message, location };
}

/** The variables that a state assigns, in its own Assign, its choices and its catchers. */
export function variableNames(state: State): string[] {
  const assigns = [
    'Assign' in state ? state.Assign : undefined,
    ...(state.Type === 'Choice' ? state.Choices.map((rule) => rule.Assign) : []),
    ...('Catch' in state ? (state.Catch ?? []).map((catcher) => catcher.Assign) : []),
  ];
  return assigns.flatMap((assign) => Object.keys(assign ?? {}));
}

/** What is wrong with one state, apart from where it leads. */
export function checkState(state: State, location: string): DefinitionIssue[] {
  const issues = [...checkTransition(state, location), ...checkExpressions(state, location)];
  if (variableNames(state).includes('states')) {
    issues.push(issue('SCHEMA_VALIDATION_FAILED', '$states is reserved and cannot be assigned', location));
  }
  if (state.Type === 'Task') issues.push(...checkTask(state, location));
  if (state.Type === 'Wait') {
    if ((state.Seconds === undefined) === (state.Timestamp === undefined)) {
      issues.push(issue('SCHEMA_VALIDATION_FAILED', 'needs exactly one of Seconds and Timestamp', location));
    }
    const { Timestamp } = state;
    const isLiteral = Timestamp !== undefined && expressionSource(Timestamp) === undefined;
    if (isLiteral && Number.isNaN(Date.parse(Timestamp))) {
      issues.push(issue('SCHEMA_VALIDATION_FAILED', `Timestamp ${Timestamp} is no RFC 3339 time`, location));
    }
  }
  if ('Retry' in state) issues.push(...checkStatesAll(state.Retry ?? [], `${location}/Retry`));
  if ('Catch' in state) issues.push(...checkStatesAll(state.Catch ?? [], `${location}/Catch`));
  return issues;
}

function checkTransition(state: State, location: string): DefinitionIssue[] {
  if (state.Type === 'Choice' || state.Type === 'Succeed' || state.Type === 'Fail') return [];
  if ((state.Next !== undefined) !== (state.End === true)) return [];
  return [issue('SCHEMA_VALIDATION_FAILED', 'needs exactly one of "Next" and "End": true', location)];
}

function checkTask(state: TaskState, location: string): DefinitionIssue[] {
  const { HeartbeatSeconds, TimeoutSeconds } = state;
  const issues: DefinitionIssue[] = [];
  if (parseResource(state.Resource) === undefined) {
    const known = supportedResources.join(', ');
    issues.push(
      issue(
        'SCHEMA_VALIDATION_FAILED',
        `the resource ${state.Resource} is not supported by the laptop runtime; it knows ${known}. Call other services from a Lambda function`,
        `${location}/Resource`,
      ),
    );
  }
  const isNumber = typeof HeartbeatSeconds === 'number' && typeof TimeoutSeconds === 'number';
  if (isNumber && HeartbeatSeconds >= TimeoutSeconds) {
    issues.push(
      issue('SCHEMA_VALIDATION_FAILED', 'HeartbeatSeconds must be smaller than TimeoutSeconds', location),
    );
  }
  return issues;
}

function checkStatesAll(
  handlers: readonly { readonly ErrorEquals: readonly string[] }[],
  location: string,
): DefinitionIssue[] {
  return handlers.flatMap(({ ErrorEquals }, index) => {
    const isAloneAndLast = ErrorEquals.length === 1 && index === handlers.length - 1;
    if (!ErrorEquals.includes('States.ALL') || isAloneAndLast) return [];
    return [
      issue('SCHEMA_VALIDATION_FAILED', 'States.ALL must stand alone and last', `${location}[${index}]`),
    ];
  });
}

/** Parses every JSONata expression of a state; those of inner flows are checked with their own states. */
function checkExpressions(part: unknown, location: string): DefinitionIssue[] {
  if (typeof part === 'string') return checkText(part, location);
  if (Array.isArray(part))
    return part.flatMap((item, index) => checkExpressions(item, `${location}[${index}]`));
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([field, value]) =>
    field === 'ItemProcessor' || field === 'Branches' ? [] : checkExpressions(value, `${location}/${field}`),
  );
}

function checkText(text: string, location: string): DefinitionIssue[] {
  const source = expressionSource(text);
  if (source === undefined) {
    if (!text.startsWith('{%')) return [];
    return [issue('INVALID_EXPRESSION', "a JSONata expression must end with '%}'", location)];
  }
  try {
    compileExpression(source);
    return [];
  } catch (error) {
    return [issue('INVALID_EXPRESSION', error instanceof Error ? error.message : String(error), location)];
  }
}
