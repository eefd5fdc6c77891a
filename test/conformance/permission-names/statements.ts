import path from 'node:path';
import { readTemplate, type SynthesizedStage } from '../parts/synthesis.ts';
import { TemplateValues } from './template-values.ts';

/** One statement of a policy, with whole ARNs. */
export interface PolicyStatement {
  /** Stack and logical id of the policy. */
  readonly where: string;
  readonly actions: readonly string[];
  /** Absent where the policy stands on the resource itself: in trust policies. */
  readonly resources?: readonly string[];
  readonly conditionKeys: readonly string[];
}

interface RawStatement {
  readonly Action: string | readonly string[];
  readonly Resource?: unknown;
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

type Properties = Readonly<Record<string, unknown>>;

/** Every statement of every policy in the templates of a stage: of roles, their trust, of buckets, queues and topics, and Lambda's permissions. */
export function statementsOf({ templateFiles }: SynthesizedStage): PolicyStatement[] {
  const templates = templateFiles.map((file) => ({
    stack: path.basename(file, '.template.json'),
    template: readTemplate(file),
  }));
  const all = templates.map(({ template }) => template);
  return templates.flatMap(({ stack, template }) => {
    const values = new TemplateValues(template, all);
    return Object.entries(template.Resources).flatMap(([logicalId, { Type, Properties: properties }]) =>
      documentsOf(Type, properties, values).map((statement) =>
        toStatement(`${stack}/${logicalId}`, statement, values),
      ),
    );
  });
}

function documentsOf(type: string, properties: Properties, values: TemplateValues): readonly RawStatement[] {
  switch (type) {
    case 'AWS::IAM::Policy':
    case 'AWS::IAM::ManagedPolicy':
    case 'AWS::S3::BucketPolicy':
    case 'AWS::SNS::TopicPolicy':
    case 'AWS::SQS::QueuePolicy':
      return inDocument(properties['PolicyDocument']);
    case 'AWS::IAM::Role': {
      const inline = (properties['Policies'] ?? []) as readonly { readonly PolicyDocument: unknown }[];
      return [
        ...inDocument(properties['AssumeRolePolicyDocument']),
        ...inline.flatMap(({ PolicyDocument }) => inDocument(PolicyDocument)),
      ];
    }
    case 'AWS::Lambda::Permission':
      return [
        { Action: String(properties['Action']), Resource: values.functionArn(properties['FunctionName']) },
      ];
    default:
      return [];
  }
}

const inDocument = (document: unknown): readonly RawStatement[] =>
  [(document as { Statement: RawStatement | readonly RawStatement[] }).Statement].flat();

function toStatement(
  where: string,
  { Action, Resource, Condition }: RawStatement,
  values: TemplateValues,
): PolicyStatement {
  return {
    where,
    actions: [Action].flat(),
    ...(Resource === undefined ? {} : { resources: [Resource].flat().map((arn) => values.text(arn)) }),
    conditionKeys: Object.values(Condition ?? {}).flatMap((comparison) => Object.keys(comparison)),
  };
}
