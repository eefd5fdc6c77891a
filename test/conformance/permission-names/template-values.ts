import type { CloudFormationTemplate } from '../parts/synthesis.ts';

const pseudoParameters: Readonly<Record<string, string>> = {
  'AWS::AccountId': '111122223333',
  'AWS::Partition': 'aws',
  'AWS::Region': 'eu-central-1',
  'AWS::URLSuffix': 'amazonaws.com',
};
const place = `${pseudoParameters['AWS::Region']}:${pseudoParameters['AWS::AccountId']}`;

/** ARNs of the types that policies refer to, by the property that names the resource. */
const arns: Readonly<Record<string, readonly [nameProperty: string, arn: (name: string) => string]>> = {
  'AWS::DynamoDB::Table': ['TableName', (name) => `arn:aws:dynamodb:${place}:table/${name}`],
  'AWS::Lambda::Function': ['FunctionName', (name) => `arn:aws:lambda:${place}:function:${name}`],
  'AWS::Logs::LogGroup': ['LogGroupName', (name) => `arn:aws:logs:${place}:log-group:${name}:*`],
  'AWS::S3::Bucket': ['BucketName', (name) => `arn:aws:s3:::${name}`],
  'AWS::SNS::Topic': ['TopicName', (name) => `arn:aws:sns:${place}:${name}`],
  'AWS::SQS::Queue': ['QueueName', (name) => `arn:aws:sqs:${place}:${name}`],
  'AWS::StepFunctions::StateMachine': [
    'StateMachineName',
    (name) => `arn:aws:states:${place}:stateMachine:${name}`,
  ],
};
/** Types whose `Ref` is their ARN. */
const refIsArn: ReadonlySet<string> = new Set(['AWS::SNS::Topic', 'AWS::StepFunctions::StateMachine']);

/** Resolves what stands in a policy to text, as a deployment into some account would. */
export class TemplateValues {
  readonly #template: CloudFormationTemplate;
  readonly #exports: ReadonlyMap<string, { readonly value: unknown; readonly of: CloudFormationTemplate }>;

  /** @param all every template of the stage, for what they export to each other */
  constructor(template: CloudFormationTemplate, all: readonly CloudFormationTemplate[]) {
    this.#template = template;
    this.#exports = new Map(
      all.flatMap((of) =>
        Object.values(of.Outputs ?? {}).flatMap(({ Value: value, Export }) =>
          Export === undefined ? [] : [[String(Export.Name), { value, of }] as const],
        ),
      ),
    );
  }

  /** @throws Error for a value that no policy had so far */
  text(value: unknown): string {
    if (typeof value === 'string') return value;
    const [[intrinsic, argument] = []] = Object.entries(value as Record<string, unknown>);
    switch (intrinsic) {
      case 'Ref':
        return pseudoParameters[String(argument)] ?? this.#ref(String(argument));
      case 'Fn::GetAtt':
        return this.#attribute(...(argument as [string, string]));
      case 'Fn::Join': {
        const [delimiter, parts] = argument as [string, readonly unknown[]];
        return parts.map((part) => this.text(part)).join(delimiter);
      }
      case 'Fn::ImportValue': {
        const exported = this.#exports.get(String(argument));
        if (exported !== undefined) return new TemplateValues(exported.of, []).text(exported.value);
      }
    }
    throw new Error(
      `A policy holds ${JSON.stringify(value)}, which template-values.ts cannot resolve: teach it.`,
    );
  }

  /** ARN of a function that is named by `Ref`, by name or by ARN. */
  functionArn(value: unknown): string {
    const text = this.text(value);
    return text.startsWith('arn:') ? text : `arn:aws:lambda:${place}:function:${text}`;
  }

  #ref(logicalId: string): string {
    const { Type, Properties } = this.#resource(logicalId);
    const [nameProperty] = arns[Type] ?? [];
    if (refIsArn.has(Type)) return this.#arn(logicalId);
    // Ids of APIs and usage plans are made by AWS.
    return nameProperty === undefined ? logicalId : this.text(Properties[nameProperty]);
  }

  #attribute(logicalId: string, attribute: string): string {
    if (attribute === 'Arn') return this.#arn(logicalId);
    if (attribute === 'StreamArn') return `${this.#arn(logicalId)}/stream/2026-01-01T00:00:00.000`;
    throw new Error(
      `A policy holds ${logicalId}.${attribute}, which template-values.ts cannot resolve: teach it.`,
    );
  }

  #arn(logicalId: string): string {
    const { Type, Properties } = this.#resource(logicalId);
    const known = arns[Type];
    if (known === undefined) {
      throw new Error(
        `A policy holds the ARN of ${logicalId} (${Type}), which template-values.ts cannot resolve: teach it.`,
      );
    }
    const [nameProperty, arn] = known;
    return arn(this.text(Properties[nameProperty]));
  }

  #resource(logicalId: string) {
    const resource = this.#template.Resources[logicalId];
    if (resource === undefined)
      throw new Error(`A policy refers to ${logicalId}, which the template does not have.`);
    return resource;
  }
}
