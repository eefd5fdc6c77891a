import { at, type Law, listOf, type TemplateResource } from './resource.ts';

interface Statement {
  readonly Effect: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
  readonly Principal?: unknown;
  readonly Condition?: unknown;
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

/**
 * Who is let in is named: no policy of a resource or role allows everybody, and a service of AWS may act on a resource only for something in
 * this account, else anybody could have it act for him.
 */
export const namedPrincipals: Law = ({ type, properties }) => {
  if (type === 'AWS::Lambda::Permission') {
    const isForSomething = properties['SourceArn'] !== undefined || properties['SourceAccount'] !== undefined;
    return properties['Principal'] !== '*' && isForSomething
      ? []
      : ['lets anybody invoke a function: set Principal and SourceArn.'];
  }
  const document = principalPolicies[type];
  if (document === undefined) return [];
  const allowed = (listOf(at(properties, document, 'Statement')) as Statement[]).filter(
    ({ Effect }) => Effect === 'Allow',
  );
  const everybody = allowed.filter(
    ({ Principal }) => Principal === '*' || listOf(at(Principal, 'AWS')).includes('*'),
  );
  const forAnybody = allowed.filter(
    ({ Principal, Condition }) =>
      type !== 'AWS::IAM::Role' &&
      at(Principal, 'Service') !== undefined &&
      !/"aws:Source(Arn|Account)"/i.test(JSON.stringify(Condition ?? {})),
  );
  return [
    ...everybody.map(() => 'allows everybody: name the principal.'),
    ...forAnybody.map(
      ({ Principal }) =>
        `lets ${listOf(at(Principal, 'Service')).join(', ')} act for any account: add a condition on aws:SourceArn or aws:SourceAccount.`,
    ),
  ];
};

/** Types with a policy that names principals, and the property that holds it. */
const principalPolicies: Readonly<Record<string, string>> = {
  'AWS::IAM::Role': 'AssumeRolePolicyDocument',
  'AWS::S3::BucketPolicy': 'PolicyDocument',
  'AWS::SNS::TopicPolicy': 'PolicyDocument',
  'AWS::SQS::QueuePolicy': 'PolicyDocument',
};

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
