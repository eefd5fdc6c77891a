import { type Assignments, type Flow, innerFlows, type State } from './definition.ts';

/** Variables that have a value whenever a state begins, on whatever way it is reached. */
export type AssignedBefore = ReadonlyMap<State, ReadonlySet<string>>;

interface Way {
  readonly to: string;
  readonly assigns: readonly string[];
}

/**
 * Follows every way through a machine. What a state assigns is there on the ways on which it assigns it: its own `Assign` when it
 * succeeds (of a choice: when no rule holds), a catcher's or a rule's on theirs. Inner flows see the variables around them, and keep theirs.
 */
export function assignedBefore(flow: Flow, outer: ReadonlySet<string> = new Set()): AssignedBefore {
  const known = new Map<string, ReadonlySet<string>>([[flow.StartAt, outer]]);
  const open = [flow.StartAt];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const state = flow.States[name];
    if (state === undefined) continue;
    for (const { to, assigns } of waysFrom(state)) {
      const before = known.get(to);
      const now = [...known.get(name)!, ...assigns];
      const both = new Set(before === undefined ? now : now.filter((variable) => before.has(variable)));
      if (before !== undefined && both.size === before.size) continue;
      known.set(to, both);
      open.push(to);
    }
  }
  const here = [...known].flatMap(([name, variables]) => {
    const state = flow.States[name];
    return state === undefined ? [] : [[state, variables] as const];
  });
  const inside = here.flatMap(([state, variables]) =>
    innerFlows(state).flatMap((inner) => [...assignedBefore(inner, variables)]),
  );
  return new Map([...here, ...inside]);
}

function waysFrom({ Next, Default, Assign, Catch, Choices }: State): Way[] {
  const way = (to: string, assigned?: Assignments) => ({ to, assigns: Object.keys(assigned ?? {}) });
  return [
    ...(Next === undefined ? [] : [way(Next, Assign)]),
    ...(Default === undefined ? [] : [way(Default, Assign)]),
    ...(Choices ?? []).map((rule) => way(rule.Next, rule.Assign)),
    ...(Catch ?? []).map((catcher) => way(catcher.Next, catcher.Assign)),
  ];
}
