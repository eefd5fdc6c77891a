import { at, type Law, listOf, type TemplateResource } from './resource.ts';

interface Statement {
  readonly Effect: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

/** Roles may do what is named, on what is named; the resource `*` stands only where a reason is written beside it. */
export const leastPrivilege: Law = (resource) => {
  const allowed = statementsOf(resource).filter(({ Effect }) => Effect === 'Allow');
  return [
    ...allowed.flatMap(actionViolations),
    ...allowed.flatMap((statement) => resourceViolations(statement, resource)),
  ];
};

/** Roles get inline policies: a managed policy of AWS allows more than is needed, and changes by itself. */
export const noManagedPolicies: Law = ({ type, properties }) =>
  type === 'AWS::IAM::Role' && listOf(properties['ManagedPolicyArns']).length > 0
    ? ['has managed policies: allow the actions by name instead.']
    : [];

function statementsOf({ type, properties }: TemplateResource): Statement[] {
  if (type === 'AWS::IAM::Policy' || type === 'AWS::IAM::ManagedPolicy') {
    return listOf(at(properties, 'PolicyDocument', 'Statement')) as Statement[];
  }
  if (type !== 'AWS::IAM::Role') return [];
  return listOf(properties['Policies']).flatMap(
    (policy) => listOf(at(policy, 'PolicyDocument', 'Statement')) as Statement[],
  );
}

function actionViolations(statement: Statement): string[] {
  const wild = listOf(statement.Action).filter((action) => String(action).includes('*'));
  return [
    ...wild.map((action) => `allows the action '${action}': name the actions.`),
    ...(statement.NotAction || statement.NotResource
      ? ['allows by NotAction or NotResource: name what is allowed.']
      : []),
  ];
}

function resourceViolations(statement: Statement, { metadata }: TemplateResource): string[] {
  if (!listOf(statement.Resource).includes('*')) return [];
  const reasons = listOf(at(metadata, 'cdk_nag', 'rules_to_suppress'));
  if (reasons.some((rule) => at(rule, 'id') === 'AwsSolutions-IAM5' && at(rule, 'reason'))) return [];
  return [
    `allows ${listOf(statement.Action).join(', ')} on the resource '*' without a reason: name the resource, or write why not.`,
  ];
}
