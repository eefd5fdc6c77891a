/** A node of JSONata 2.0.6's syntax tree, as far as names are looked for; `parser.js` of the package makes it. */
interface Node {
  readonly type: string;
  readonly value?: unknown;
  readonly steps?: readonly Node[];
  readonly expressions?: readonly Node[];
  readonly arguments?: readonly Node[];
  readonly body?: Node;
  readonly lhs?: Node;
  readonly rhs?: Node;
  /** Variables that a step of a path binds: `@$item`, `#$index`. */
  readonly focus?: string;
  readonly index?: string;
  readonly predicate?: unknown;
  readonly stages?: unknown;
  readonly group?: unknown;
}

/** What an expression takes from around it. */
export interface FreeNames {
  /** Variables that it does not bind itself, without the dollar sign, functions included. */
  readonly variables: ReadonlySet<string>;
  /** Members that it reads of `$states`; `*` where it takes `$states` whole. */
  readonly statesMembers: ReadonlySet<string>;
  /** Fields, `$` and `$$` that it reads of an input that Step Functions does not give: everything comes in `$states`. */
  readonly inputReads: readonly string[];
}

interface Scope {
  /** Bound by the expression itself so far; a block adds to its own. */
  readonly bound: Set<string>;
  /** Whether names are fields of something in the expression. */
  readonly hasContext: boolean;
}

/** Finds the free names of a parsed expression (`jsonata(source).ast()`). */
export function freeNames(ast: unknown): FreeNames {
  const variables = new Set<string>();
  const statesMembers = new Set<string>();
  const inputReads: string[] = [];

  const visitAll = (value: unknown, scope: Scope): void => {
    if (Array.isArray(value)) for (const item of value) visitAll(item, scope);
    else if (typeof value === 'object' && value !== null) visit(value as Node, scope);
  };

  const visit = (node: Node, scope: Scope): void => {
    const { predicate, stages, group } = node;
    switch (node.type) {
      case 'variable':
        visitVariable(String(node.value), scope);
        break;
      case 'name':
        if (!scope.hasContext) inputReads.push(String(node.value));
        break;
      case 'path':
        visitPath(node.steps ?? [], scope);
        break;
      case 'block':
        visitAll(node.expressions, { ...scope, bound: new Set(scope.bound) });
        break;
      case 'bind':
        visitBinding(node, scope);
        break;
      case 'lambda': {
        const parameters = (node.arguments ?? []).map(({ value }) => String(value));
        visitAll(node.body, { ...scope, bound: new Set([...scope.bound, ...parameters]) });
        break;
      }
      default: {
        const { predicate: _p, stages: _s, group: _g, ...own } = node;
        visitAll(Object.values(own), scope);
      }
    }
    visitAll([predicate, stages, group], { ...scope, hasContext: true });
  };

  const visitVariable = (name: string, { bound, hasContext }: Scope): void => {
    if (name === '$' || (name === '' && !hasContext)) inputReads.push(`$${name}`);
    else if (name === 'states') statesMembers.add('*');
    else if (name !== '' && !bound.has(name)) variables.add(name);
  };

  const visitPath = (steps: readonly Node[], scope: Scope): void => {
    const bound = new Set(scope.bound);
    for (const [position, step] of steps.entries()) {
      const member = steps[position + 1];
      for (const name of [step.focus, step.index]) if (name !== undefined) bound.add(name);
      const isStates = step.type === 'variable' && step.value === 'states' && member?.type === 'name';
      if (isStates) statesMembers.add(String(member.value));
      else visit(step, { bound, hasContext: scope.hasContext || position > 0 });
    }
  };

  const visitBinding = ({ lhs, rhs }: Node, scope: Scope): void => {
    const name = String(lhs?.value);
    // A function may call itself.
    if (rhs?.type === 'lambda') scope.bound.add(name);
    visitAll(rhs, scope);
    scope.bound.add(name);
  };

  visitAll(ast, { bound: new Set(), hasContext: false });
  return { variables, statesMembers, inputReads };
}
