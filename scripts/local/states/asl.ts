import * as z from 'zod';
import { expressionSource } from './query.ts';

/** Longest time, in seconds, that a state may name: about three years. */
const MAX_SECONDS = 99_999_999;
/** The longest wait between two attempts: a year and a bit. */
const MAX_RETRY_DELAY_SECONDS = 31_622_400;

const expression = z.string().refine((text) => expressionSource(text) !== undefined, {
  message: "must be a JSONata expression, written '{% … %}'",
});
const json = z.json();
const seconds = z.union([z.int().min(0).max(MAX_SECONDS), expression]);
const positiveSeconds = z.union([z.int().min(1).max(MAX_SECONDS), expression]);
const errorNames = z.array(z.string()).min(1);
const variableName = z.string().regex(/^[\p{ID_Start}][\p{ID_Continue}]{0,79}$/u, 'is not a variable name');
const assign = z.record(variableName, json);
const output = { Output: json.optional(), Assign: assign.optional() };
const flow = { Next: z.string().optional(), End: z.boolean().optional() };
const common = { Comment: z.string().optional(), QueryLanguage: z.string().optional() };

const retrier = z.strictObject({
  ErrorEquals: errorNames,
  IntervalSeconds: z.int().min(1).max(MAX_SECONDS).optional(),
  MaxAttempts: z.int().min(0).max(MAX_SECONDS).optional(),
  BackoffRate: z.number().min(1).optional(),
  MaxDelaySeconds: z.int().min(1).max(MAX_RETRY_DELAY_SECONDS).optional(),
  JitterStrategy: z.enum(['FULL', 'NONE']).optional(),
  Comment: z.string().optional(),
});
const catcher = z.strictObject({
  ErrorEquals: errorNames,
  Next: z.string(),
  ...output,
  Comment: z.string().optional(),
});
const handlers = { Retry: z.array(retrier).optional(), Catch: z.array(catcher).optional() };

const task = z.strictObject({
  Type: z.literal('Task'),
  Resource: z.string(),
  Arguments: json.optional(),
  TimeoutSeconds: positiveSeconds.optional(),
  HeartbeatSeconds: positiveSeconds.optional(),
  ...common,
  ...flow,
  ...output,
  ...handlers,
});
const choiceRule = z.strictObject({
  Condition: z.union([expression, z.boolean()]),
  Next: z.string(),
  ...output,
  Comment: z.string().optional(),
});
const choice = z.strictObject({
  Type: z.literal('Choice'),
  Choices: z.array(choiceRule).min(1),
  Default: z.string().optional(),
  ...common,
  ...output,
});
const wait = z.strictObject({
  Type: z.literal('Wait'),
  Seconds: seconds.optional(),
  Timestamp: z.string().optional(),
  ...common,
  ...flow,
  ...output,
});
const pass = z.strictObject({ Type: z.literal('Pass'), ...common, ...flow, ...output });
const succeed = z.strictObject({ Type: z.literal('Succeed'), ...common, Output: json.optional() });
const fail = z.strictObject({
  Type: z.literal('Fail'),
  Error: z.string().optional(),
  Cause: z.string().optional(),
  ...common,
});
const parallel = z.strictObject({
  Type: z.literal('Parallel'),
  get Branches() {
    return z.array(flowDefinition).min(1);
  },
  Arguments: json.optional(),
  ...common,
  ...flow,
  ...output,
  ...handlers,
});
const map = z.strictObject({
  Type: z.literal('Map'),
  Items: z.union([expression, z.array(json)]).optional(),
  ItemSelector: json.optional(),
  MaxConcurrency: z.union([z.int().min(0), expression]).optional(),
  ToleratedFailurePercentage: z.union([z.number().min(0).max(100), expression]).optional(),
  ToleratedFailureCount: z.union([z.int().min(0), expression]).optional(),
  get ItemProcessor() {
    return itemProcessor;
  },
  ...common,
  ...flow,
  ...output,
  ...handlers,
});

const state = z.discriminatedUnion('Type', [task, choice, wait, pass, succeed, fail, parallel, map]);
const steps = {
  StartAt: z.string(),
  get States() {
    return z.record(z.string().min(1).max(80), state);
  },
  Comment: z.string().optional(),
};
const flowDefinition: z.ZodType<Flow> = z.lazy(() => z.strictObject(steps));
const itemProcessor: z.ZodType<Flow> = z.lazy(() =>
  z.strictObject({
    ...steps,
    ProcessorConfig: z.strictObject({ Mode: z.literal('INLINE') }).optional(),
  }),
);

/** The form of a state machine definition in Amazon States Language with JSONata; meaning is checked by `validate.ts`. */
export const machineSchema = z.lazy(() =>
  z.strictObject({
    ...steps,
    Version: z.literal('1.0').optional(),
    QueryLanguage: z.string().optional(),
    TimeoutSeconds: z.int().min(1).max(MAX_SECONDS).optional(),
  }),
);

export type TaskState = z.infer<typeof task>;
export type ChoiceState = z.infer<typeof choice>;
export type WaitState = z.infer<typeof wait>;
type PassState = z.infer<typeof pass>;
type SucceedState = z.infer<typeof succeed>;
export type FailState = z.infer<typeof fail>;
export type Retrier = z.infer<typeof retrier>;
export type Catcher = z.infer<typeof catcher>;

interface Routed {
  readonly Next?: string | undefined;
  readonly End?: boolean | undefined;
  readonly Output?: unknown;
  readonly Assign?: Readonly<Record<string, unknown>> | undefined;
  readonly QueryLanguage?: string | undefined;
  readonly Comment?: string | undefined;
  readonly Retry?: Retrier[] | undefined;
  readonly Catch?: Catcher[] | undefined;
}
export interface ParallelState extends Routed {
  readonly Type: 'Parallel';
  readonly Branches: Flow[];
  readonly Arguments?: unknown;
}
export interface MapState extends Routed {
  readonly Type: 'Map';
  readonly Items?: unknown;
  readonly ItemSelector?: unknown;
  readonly MaxConcurrency?: number | string | undefined;
  readonly ToleratedFailurePercentage?: number | string | undefined;
  readonly ToleratedFailureCount?: number | string | undefined;
  readonly ItemProcessor: Flow;
}
export type State =
  | TaskState
  | ChoiceState
  | WaitState
  | PassState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

/** States that lead from one to the next: a machine, a branch of a Parallel or the processor of a Map. */
export interface Flow {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
  readonly Comment?: string | undefined;
}

/** A whole definition. */
export interface Machine extends Flow {
  readonly Version?: '1.0' | undefined;
  readonly QueryLanguage?: string | undefined;
  readonly TimeoutSeconds?: number | undefined;
}
