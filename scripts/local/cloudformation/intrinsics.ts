/** What the intrinsic functions of one stack refer to. Lookups throw for names that are not known. */
export interface ResolutionScope {
  /** A parameter, pseudo parameter or resource. */
  ref(name: string): unknown;
  getAtt(logicalId: string, attribute: string): unknown;
  condition(name: string): boolean;
  findInMap(map: string, first: string, second: string): unknown;
  importValue(exportName: string): unknown;
}

/** Stands for AWS::NoValue: the property or element it is given to disappears. */
export const noValue = Symbol('AWS::NoValue');

type Resolver = (argument: unknown, scope: ResolutionScope) => unknown;

/**
 * Resolves all intrinsic functions in a value, as
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/intrinsic-function-reference.html describes them.
 * Throws for a function that is not known and for arguments of the wrong shape.
 */
export function resolve(value: unknown, scope: ResolutionScope): unknown {
  if (typeof value === 'string') return refuseDynamicReference(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    return value.map((element) => resolve(element, scope)).filter((element) => element !== noValue);
  }
  const call = intrinsicCall(value);
  if (call !== undefined) return call.resolver(call.argument, scope);
  const resolved: Record<string, unknown> = {};
  for (const [key, member] of Object.entries(value)) {
    const result = resolve(member, scope);
    if (result !== noValue) resolved[key] = result;
  }
  return resolved;
}

/** A condition expression of the Conditions section, or of `Fn::If` and friends. */
export function resolveCondition(expression: unknown, scope: ResolutionScope): boolean {
  const result = resolve(expression, scope);
  if (typeof result === 'boolean') return result;
  throw new Error(`a condition must be true or false, got ${JSON.stringify(expression)}`);
}

/** The function a value calls, if it is a call: an object with the one key `Ref`, `Condition` or `Fn::…`. */
export function intrinsicCall(
  value: object,
): { readonly name: string; readonly argument: unknown; readonly resolver: Resolver } | undefined {
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ['', undefined];
  if (entries.length !== 1) return undefined;
  // `Condition` is a call only with the name of one; in a policy statement it is a member that holds an object.
  if (name === 'Condition' && typeof argument !== 'string') return undefined;
  const resolver = functions[name];
  if (resolver !== undefined) return { name, argument, resolver };
  if (name.startsWith('Fn::')) throw new Error(`the intrinsic function ${name} is not supported`);
  return undefined;
}

const functions: Readonly<Record<string, Resolver>> = {
  Ref: (argument, scope) => scope.ref(text(argument, 'Ref')),
  Condition: (argument, scope) => scope.condition(text(argument, 'Condition')),
  'Fn::GetAtt': getAtt,
  'Fn::Join': (argument, scope) => {
    const [separator, parts] = list(argument, 'Fn::Join', 2);
    return resolveList(parts, scope, 'Fn::Join')
      .map((part) => text(part, 'Fn::Join'))
      .join(text(separator, 'Fn::Join'));
  },
  'Fn::Sub': substitute,
  'Fn::Select': (argument, scope) => {
    const [index, values] = list(argument, 'Fn::Select', 2);
    const position = Number(resolve(index, scope));
    const chosen = resolveList(values, scope, 'Fn::Select')[position];
    if (chosen === undefined) throw new Error(`Fn::Select has no element ${position}`);
    return chosen;
  },
  'Fn::Split': (argument, scope) => {
    const [separator, source] = list(argument, 'Fn::Split', 2);
    return text(resolve(source, scope), 'Fn::Split').split(text(separator, 'Fn::Split'));
  },
  'Fn::If': (argument, scope) => {
    const [name, whenTrue, whenFalse] = list(argument, 'Fn::If', 3);
    return resolve(scope.condition(text(name, 'Fn::If')) ? whenTrue : whenFalse, scope);
  },
  'Fn::Equals': (argument, scope) => {
    const [left, right] = list(argument, 'Fn::Equals', 2).map((side) => resolve(side, scope));
    return String(left) === String(right);
  },
  'Fn::And': (argument, scope) => list(argument, 'Fn::And').every((one) => resolveCondition(one, scope)),
  'Fn::Or': (argument, scope) => list(argument, 'Fn::Or').some((one) => resolveCondition(one, scope)),
  'Fn::Not': (argument, scope) => !resolveCondition(list(argument, 'Fn::Not', 1)[0], scope),
  'Fn::FindInMap': (argument, scope) => {
    const [map, first, second] = list(argument, 'Fn::FindInMap', 3).map((key) =>
      text(resolve(key, scope), 'Fn::FindInMap'),
    );
    return scope.findInMap(map ?? '', first ?? '', second ?? '');
  },
  'Fn::Base64': (argument, scope) =>
    Buffer.from(text(resolve(argument, scope), 'Fn::Base64')).toString('base64'),
  'Fn::ImportValue': (argument, scope) =>
    scope.importValue(text(resolve(argument, scope), 'Fn::ImportValue')),
  'Fn::GetAZs': () => {
    throw new Error('Fn::GetAZs is not supported: the platform has no network of its own');
  },
};

function getAtt(argument: unknown, scope: ResolutionScope): unknown {
  const [logicalId = '', ...attribute] =
    typeof argument === 'string'
      ? argument.split('.')
      : list(argument, 'Fn::GetAtt').map((part) => text(resolve(part, scope), 'Fn::GetAtt'));
  return scope.getAtt(logicalId, attribute.join('.'));
}

function substitute(argument: unknown, scope: ResolutionScope): string {
  const [source, variables] = typeof argument === 'string' ? [argument, {}] : list(argument, 'Fn::Sub', 2);
  const own = resolve(variables, scope) as Record<string, unknown>;
  return text(source, 'Fn::Sub').replace(/\$\{([^}]+)\}/g, (_match, name: string) => {
    if (name.startsWith('!')) return `\${${name.slice(1)}}`;
    if (name in own) return text(own[name], 'Fn::Sub');
    return text(name.includes('.') ? getAtt(name, scope) : scope.ref(name), 'Fn::Sub');
  });
}

function list(argument: unknown, name: string, length?: number): unknown[] {
  if (Array.isArray(argument) && (length === undefined || argument.length === length)) return argument;
  throw new Error(
    `${name} takes a list${length === undefined ? '' : ` of ${length}`}, got ${JSON.stringify(argument)}`,
  );
}

function resolveList(argument: unknown, scope: ResolutionScope, name: string): unknown[] {
  return list(resolve(argument, scope), name);
}

function text(value: unknown, name: string): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`${name} takes a text here, got ${JSON.stringify(value) ?? String(value)}`);
}

function refuseDynamicReference(value: string): string {
  if (!value.includes('{{resolve:')) return value;
  throw new Error(
    `the dynamic reference ${value} is not supported; pass the value by a parameter or a Lambda environment`,
  );
}
