import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';

/** One synthesized template, as far as patches look at it. */
export interface Template {
  readonly Resources: Record<string, Resource>;
  readonly Outputs?: Record<string, { Value: unknown }>;
}
interface Resource {
  readonly Type: string;
  readonly Properties: Record<string, unknown>;
}

/** Where the emulator answers. */
export interface Emulator {
  readonly url: string;
}

/** What the emulator cannot take as it is. Templates for AWS stay as they are: this changes the copy that goes to the emulator. */
export interface Patch {
  readonly what: string;
  readonly why: string;
  readonly template?: (template: Template, emulator: Emulator) => void;
  /** Of a folder that becomes the code of a function or a layer. */
  readonly asset?: (folder: string) => void;
}

const bindings = path.resolve(import.meta.dirname, '../../../node_modules/@duckdb');

export const patches: readonly Patch[] = [
  {
    what: 'AWS::Events::Archive is left out',
    why: 'The emulator refuses a template with a resource type that it does not know.',
    template({ Resources }) {
      for (const [id, { Type }] of Object.entries(Resources))
        if (Type === 'AWS::Events::Archive') delete Resources[id];
    },
  },
  {
    what: "DuckDB's layer holds this machine's library",
    why: 'The emulator runs functions on this machine, whatever architecture they ask for.',
    asset(folder) {
      const packages = path.join(folder, 'nodejs/node_modules/@duckdb');
      if (!existsSync(packages)) return;
      rmSync(packages, { recursive: true });
      for (const name of readdirSync(bindings).filter((one) => one.startsWith('node-bindings-')))
        cpSync(path.join(bindings, name), path.join(packages, name), { recursive: true });
    },
  },
  {
    what: 'PlatformUrl and PredictionUrl are addresses at the emulator',
    why: 'Its own answers are a host name that does not resolve everywhere, and an address at amazonaws.com.',
    template({ Resources, Outputs = {} }, { url }) {
      const apis = { PlatformUrl: 'AWS::ApiGatewayV2::Api', PredictionUrl: 'AWS::ApiGateway::RestApi' };
      const stages = { PlatformUrl: '$default', PredictionUrl: 'live' };
      for (const name of ['PlatformUrl', 'PredictionUrl'] as const) {
        const output = Outputs[name];
        const [id] = Object.entries(Resources).find(([, { Type }]) => Type === apis[name]) ?? [];
        if (!output || id === undefined) continue;
        output.Value = { 'Fn::Join': ['', [`${url}/_aws/execute-api/`, { Ref: id }, `/${stages[name]}`]] };
      }
    },
  },
  {
    what: 'Methods of the prediction API ask for no API key',
    why: 'The emulator looks for the key in a header only, not in what the authorizer answers.',
    template({ Resources }) {
      for (const { Type, Properties } of Object.values(Resources))
        if (Type === 'AWS::ApiGateway::Method') Properties['ApiKeyRequired'] = false;
    },
  },
  {
    what: 'Who may read versions of objects may read objects',
    why: "The emulator's events of new objects name no version, so that functions ask for the newest.",
    template({ Resources }) {
      for (const statement of statementsOf(Resources))
        if ([statement.Action].flat().includes('s3:GetObjectVersion'))
          statement.Action = [statement.Action, 's3:GetObject'].flat();
    },
  },
  {
    what: 'SendTask… and the actions on alarms are allowed on every resource',
    why: 'The emulator knows no resource of these actions and denies them on an ARN.',
    template({ Resources }) {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::IAM::Policy') continue;
        const document = Properties['PolicyDocument'] as { Statement: Statement[] };
        const unplaced = document.Statement.flatMap(({ Action }) =>
          [Action].flat().filter((action) => /^(states:SendTask|cloudwatch:.*Alarms?$)/.test(action)),
        );
        if (unplaced.length > 0)
          document.Statement.push({ Effect: 'Allow', Action: unplaced, Resource: '*' });
      }
    },
  },
  {
    what: 'No statement has a condition on dynamodb:LeadingKeys',
    why: 'The emulator does not know the key and denies what the condition would allow.',
    template({ Resources }) {
      for (const statement of statementsOf(Resources))
        if (JSON.stringify(statement.Condition ?? {}).includes('dynamodb:LeadingKeys'))
          delete statement.Condition;
    },
  },
  {
    what: 'Waits of state machines are numbers',
    why: 'The emulator takes no expression as TimeoutSeconds and fails the execution.',
    template({ Resources }) {
      for (const { Type, Properties } of Object.values(Resources)) {
        if (Type !== 'AWS::StepFunctions::StateMachine') continue;
        const definition = JSON.stringify(Properties['DefinitionString']);
        Properties['DefinitionString'] = JSON.parse(definition.replaceAll(timeoutExpression, waitOf));
      }
    },
  },
];

/** `"TimeoutSeconds":"{% … %}"` inside a JSON text that is itself a JSON string. */
const timeoutExpression = /(\\"TimeoutSeconds\\":)\\"\{% ([^%]+) %\}\\"/g;
/** A bake ends by its time; all other waits are answered long before. */
const waitOf = (_all: string, name: string, expression: string): string =>
  `${name}${expression.endsWith('bakeSeconds') ? 5 : 3600}`;

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: object;
}
function statementsOf(resources: Template['Resources']): Statement[] {
  return Object.values(resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => (Properties['PolicyDocument'] as { Statement: Statement[] }).Statement);
}
