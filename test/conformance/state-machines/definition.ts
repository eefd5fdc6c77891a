/** Amazon States Language as far as these checks read it, from finished templates: JSONata only. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

export type Assignments = Readonly<Record<string, unknown>>;

export interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Assign?: Assignments;
  readonly Catch?: readonly { readonly Next: string; readonly Assign?: Assignments }[];
  readonly Choices?: readonly { readonly Next: string; readonly Assign?: Assignments }[];
  readonly Branches?: readonly Flow[];
  readonly ItemProcessor?: Flow;
  readonly [field: string]: unknown;
}

/** The flows that run inside a state. */
export const innerFlows = ({ Branches, ItemProcessor }: State): readonly Flow[] => [
  ...(Branches ?? []),
  ...(ItemProcessor ? [ItemProcessor] : []),
];

/** The definition of a state machine in a template; what only the deployment knows of its text is `aws`, a partition. */
export function definitionOf(definitionString: unknown): Flow {
  if (typeof definitionString === 'string') return JSON.parse(definitionString) as Flow;
  const [, parts] = (definitionString as { 'Fn::Join': [string, unknown[]] })['Fn::Join'];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'aws')).join('')) as Flow;
}
