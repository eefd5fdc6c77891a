/** What the `Resource` of a Task state stands for. */
export type TaskResource =
  /** A Lambda function by its ARN: the state's input or Arguments is the payload, the payload answered is the result. */
  | { readonly kind: 'function'; readonly functionArn: string }
  | { readonly kind: 'invoke'; readonly waitsForToken: boolean }
  | { readonly kind: 'startExecution'; readonly mode: 'request' | 'sync' | 'syncParsed' | 'token' };

const INTEGRATIONS: Readonly<Record<string, TaskResource>> = {
  'lambda:invoke': { kind: 'invoke', waitsForToken: false },
  'lambda:invoke.waitForTaskToken': { kind: 'invoke', waitsForToken: true },
  'states:startExecution': { kind: 'startExecution', mode: 'request' },
  'states:startExecution.sync': { kind: 'startExecution', mode: 'sync' },
  'states:startExecution.sync:2': { kind: 'startExecution', mode: 'syncParsed' },
  'states:startExecution.waitForTaskToken': { kind: 'startExecution', mode: 'token' },
};

const FUNCTION_ARN = /^arn:aws[a-z-]*:lambda:[^:]+:\d{12}:function:[\w-]+(:[\w$-]+)?$/;
const INTEGRATION_ARN = /^arn:aws[a-z-]*:states:[^:]*:[^:]*:(.+)$/;

/** Reads a Task's `Resource`; undefined where the laptop runtime has no such integration. */
export function parseResource(resource: string): TaskResource | undefined {
  if (FUNCTION_ARN.test(resource)) return { kind: 'function', functionArn: resource };
  const integration = INTEGRATION_ARN.exec(resource)?.[1];
  return integration === undefined ? undefined : INTEGRATIONS[integration];
}

/** The integrations that `parseResource` knows, for messages. */
export const supportedResources: readonly string[] = [
  'a Lambda function ARN',
  ...Object.keys(INTEGRATIONS).map((name) => `arn:aws:states:::${name}`),
];

/** Whether the task ends by SendTaskSuccess or SendTaskFailure with its token. */
export function waitsForToken(resource: TaskResource): boolean {
  return (
    (resource.kind === 'invoke' && resource.waitsForToken) ||
    (resource.kind === 'startExecution' && resource.mode === 'token')
  );
}
