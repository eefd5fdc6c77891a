import * as z from 'zod';
import { UnsupportedResource } from '../emulated-service.ts';
import { type CompiledCondition, compileConditions } from './condition.ts';
import { type CompiledPattern, compilePattern } from './pattern.ts';

/** One statement, ready to be matched. */
export interface CompiledStatement {
  /** `<policy name>#<Sid or index>`: what reports call it. */
  readonly id: string;
  readonly effect: 'Allow' | 'Deny';
  /** Matched against lower-cased action names, since IAM compares them without case. */
  readonly actions: readonly CompiledPattern[];
  readonly notActions: boolean;
  readonly resources: readonly CompiledPattern[];
  readonly notResources: boolean;
  readonly conditions: readonly CompiledCondition[];
  /** Present in resource policies and trust policies. */
  readonly principals?: PrincipalPatterns;
}

/** Whom a resource policy or trust policy speaks of. */
export interface PrincipalPatterns {
  readonly anyone: boolean;
  readonly aws: readonly CompiledPattern[];
  readonly services: readonly string[];
}

const texts = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const principal = z.union([
  z.literal('*'),
  z.strictObject({ AWS: texts.optional(), Service: texts.optional() }),
]);
const statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Action: texts.optional(),
  NotAction: texts.optional(),
  Resource: texts.optional(),
  NotResource: texts.optional(),
  Principal: principal.optional(),
  Condition: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
});
const document = z.object({
  Version: z.string().optional(),
  Statement: z.union([statement, z.array(statement)]).transform((value) => [value].flat()),
});

/**
 * Compiles a policy document of the template. Throws UnsupportedResource, naming the statement and the cure, for parts that the
 * evaluator would not decide as AWS does (operators, NotPrincipal, variables in NotResource).
 */
export function compilePolicy(
  policyName: string,
  source: unknown,
  type = 'AWS::IAM::Policy',
): CompiledStatement[] {
  const parsed = document.safeParse(source);
  if (!parsed.success) {
    throw new UnsupportedResource(
      type,
      `policy ${policyName}: ${z.prettifyError(parsed.error)}`,
      'Write the statement with Effect, Action, Resource, Principal (AWS or Service) and Condition only.',
    );
  }
  return parsed.data.Statement.map((one, index) => compileStatement(policyName, one, index, type));
}

function compileStatement(
  policyName: string,
  source: z.infer<typeof statement>,
  index: number,
  type: string,
): CompiledStatement {
  const id = `${policyName}#${source.Sid ?? index}`;
  const actions = source.Action ?? source.NotAction;
  if (actions === undefined) {
    throw new UnsupportedResource(type, `statement ${id} without Action`, 'Name its actions.');
  }
  const hasVariable = source.NotResource?.some((resource) => resource.includes('${')) ?? false;
  if (hasVariable) {
    throw new UnsupportedResource(
      type,
      `statement ${id}: NotResource with a policy variable`,
      'Name the resources in Resource instead.',
    );
  }
  return {
    id,
    effect: source.Effect,
    actions: actions.map((action) => ({ ...compilePattern(action.toLowerCase()), source: action })),
    notActions: source.Action === undefined,
    resources: (source.Resource ?? source.NotResource ?? ['*']).map(compilePattern),
    notResources: source.NotResource !== undefined,
    conditions: compileConditions(source.Condition ?? {}, type, id),
    ...(source.Principal === undefined ? {} : { principals: compilePrincipal(source.Principal) }),
  };
}

function compilePrincipal(source: z.infer<typeof principal>): PrincipalPatterns {
  if (source === '*') return { anyone: true, aws: [], services: [] };
  const aws = source.AWS ?? [];
  return { anyone: aws.includes('*'), aws: aws.map(compilePattern), services: source.Service ?? [] };
}
