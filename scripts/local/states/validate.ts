import type * as z from 'zod';
import { type Flow, type Machine, machineSchema } from './asl.ts';
import { checkState, type DefinitionIssue, issue, variableNames } from './validate-state.ts';

/** What is wrong with a definition, or the definition when nothing is. */
export type Validation =
  | { readonly ok: true; readonly machine: Machine }
  | { readonly ok: false; readonly issues: readonly DefinitionIssue[] };

/**
 * Checks a state machine definition as far as it can be checked before it runs: form, transitions, reachability, names,
 * JSONata syntax and supported resources. JSONPath machines are refused.
 * @param definition the definition as JSON text
 */
export function validateDefinition(definition: string): Validation {
  let parsed: unknown;
  try {
    parsed = JSON.parse(definition);
  } catch (error) {
    return { ok: false, issues: [issue('INVALID_JSON_DESCRIPTION', String(error), '/')] };
  }
  const languages = findOtherLanguages(parsed, 'JSONPath', '');
  if (languages.length > 0) return { ok: false, issues: languages };
  const form = machineSchema.safeParse(parsed);
  if (!form.success)
    return { ok: false, issues: form.error.issues.flatMap((problem) => describe(problem, [])) };
  const machine: Machine = form.data;
  const issues = [...checkFlow(machine, '', new Set()), ...findRepeatedNames(machine)];
  return issues.length === 0 ? { ok: true, machine } : { ok: false, issues };
}

/** One line that names all issues, as CreateStateMachine words them. */
export function describeIssues(issues: readonly DefinitionIssue[]): string {
  const texts = issues.map(({ code, message, location }) => `${code}: ${message} at ${location}`);
  return `Invalid State Machine Definition: '${texts.join(', ')}'`;
}

/** States that would be read as JSONPath, which the interpreter does not speak. */
function findOtherLanguages(flow: unknown, inherited: string, location: string): DefinitionIssue[] {
  if (typeof flow !== 'object' || flow === null) return [];
  const own = 'QueryLanguage' in flow ? String(flow.QueryLanguage) : inherited;
  const states = 'States' in flow ? flow.States : undefined;
  if (typeof states !== 'object' || states === null) return [];
  return Object.entries(states).flatMap(([name, state]: [string, unknown]) => {
    if (typeof state !== 'object' || state === null) return [];
    const at = `${location}/States/${name}`;
    const language = 'QueryLanguage' in state ? String(state.QueryLanguage) : own;
    if (language !== 'JSONata') {
      const cure = 'the laptop runtime runs JSONata machines only; set QueryLanguage to "JSONata"';
      return [issue('SCHEMA_VALIDATION_FAILED', `the state's query language is ${language}: ${cure}`, at)];
    }
    const branches = 'Branches' in state && Array.isArray(state.Branches) ? state.Branches : [];
    const processor = 'ItemProcessor' in state ? [state.ItemProcessor] : [];
    return [
      ...branches.flatMap((branch, index) => findOtherLanguages(branch, own, `${at}/Branches[${index}]`)),
      ...processor.flatMap((inner) => findOtherLanguages(inner, own, `${at}/ItemProcessor`)),
    ];
  });
}

function describe(problem: z.core.$ZodIssue, prefix: readonly PropertyKey[]): DefinitionIssue[] {
  const path = [...prefix, ...problem.path];
  if (problem.code === 'invalid_union' && problem.errors.length > 0) {
    const closest = problem.errors.toSorted((one, other) => one.length - other.length)[0] ?? [];
    return closest.flatMap((inner) => describe(inner, path));
  }
  const location = path.map((part) => (typeof part === 'number' ? `[${part}]` : `/${String(part)}`)).join('');
  return [issue('SCHEMA_VALIDATION_FAILED', problem.message, location || '/')];
}

/** @param outer variables that states around this flow assign, which it may read but not assign */
function checkFlow(flow: Flow, location: string, outer: ReadonlySet<string>): DefinitionIssue[] {
  const issues: DefinitionIssue[] = [];
  const visible = new Set(outer);
  for (const state of Object.values(flow.States)) for (const name of variableNames(state)) visible.add(name);
  for (const [name, state] of Object.entries(flow.States)) {
    const at = `${location}/States/${name}`;
    issues.push(...checkState(state, at));
    for (const target of targetsOf(flow, name)) {
      if (!Object.hasOwn(flow.States, target)) {
        issues.push(issue('MISSING_TRANSITION_TARGET', `Missing 'Next' target: ${target}`, at));
      }
    }
    for (const variable of variableNames(state)) {
      if (outer.has(variable)) {
        issues.push(
          issue('SCHEMA_VALIDATION_FAILED', `the variable ${variable} belongs to an outer scope`, at),
        );
      }
    }
    if (state.Type === 'Parallel') {
      for (const [index, branch] of state.Branches.entries()) {
        issues.push(...checkFlow(branch, `${at}/Branches[${index}]`, visible));
      }
    }
    if (state.Type === 'Map') issues.push(...checkFlow(state.ItemProcessor, `${at}/ItemProcessor`, visible));
  }
  return [...issues, ...checkReachability(flow, location)];
}

function checkReachability(flow: Flow, location: string): DefinitionIssue[] {
  if (!Object.hasOwn(flow.States, flow.StartAt)) {
    return [
      issue('MISSING_TRANSITION_TARGET', `Missing 'StartAt' target: ${flow.StartAt}`, `${location}/StartAt`),
    ];
  }
  const reached = new Set([flow.StartAt]);
  for (const name of reached) for (const target of targetsOf(flow, name)) reached.add(target);
  const issues = Object.keys(flow.States)
    .filter((name) => !reached.has(name))
    .map((name) =>
      issue('UNREACHABLE_STATE', `State "${name}" is not reachable`, `${location}/States/${name}`),
    );
  const ends = [...reached].some((name) => {
    const state = flow.States[name];
    return (
      state?.Type === 'Succeed' ||
      state?.Type === 'Fail' ||
      (state !== undefined && 'End' in state && state.End)
    );
  });
  return ends
    ? issues
    : [...issues, issue('NO_TERMINAL_STATE', 'no terminal state is reachable', location || '/')];
}

function targetsOf(flow: Flow, name: string): string[] {
  const state = flow.States[name];
  if (state === undefined) return [];
  const targets: (string | undefined)[] = 'Next' in state ? [state.Next] : [];
  if (state.Type === 'Choice') targets.push(state.Default, ...state.Choices.map((rule) => rule.Next));
  if ('Catch' in state) targets.push(...(state.Catch ?? []).map((catcher) => catcher.Next));
  return targets.filter((target) => target !== undefined);
}

/** State names are unique in the whole machine, branches included. */
function findRepeatedNames(flow: Flow): DefinitionIssue[] {
  const names = allNames(flow);
  const repeated = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [...repeated].map((name) =>
    issue('SCHEMA_VALIDATION_FAILED', `State name "${name}" is used more than once`, `/States/${name}`),
  );
}

function allNames(flow: Flow): string[] {
  return Object.entries(flow.States).flatMap(([name, state]) => {
    if (state.Type === 'Parallel') return [name, ...state.Branches.flatMap(allNames)];
    return state.Type === 'Map' ? [name, ...allNames(state.ItemProcessor)] : [name];
  });
}
