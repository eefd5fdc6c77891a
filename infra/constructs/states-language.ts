/**
 * Amazon States Language as the machines of the platform use it: JSONata only, Lambda tasks only. A string `{% … %}` is an
 * expression, anything else is itself. https://states-language.net/spec.html
 */
type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };
/** A value whose strings may be expressions. */
export type Template = Json;

type Transition = { readonly Next: string } | { readonly End: true };

interface StateBase {
  readonly Comment?: string;
  readonly Output?: Template;
  readonly Assign?: Readonly<Record<string, Template>>;
}

export interface Retrier {
  readonly ErrorEquals: readonly string[];
  readonly IntervalSeconds?: number;
  readonly MaxAttempts?: number;
  readonly BackoffRate?: number;
  readonly MaxDelaySeconds?: number;
  readonly JitterStrategy?: 'FULL' | 'NONE';
}

export interface Catcher {
  readonly ErrorEquals: readonly string[];
  readonly Next: string;
  readonly Assign?: Readonly<Record<string, Template>>;
  readonly Output?: Template;
}

interface Recovery {
  readonly Retry?: readonly Retrier[];
  readonly Catch?: readonly Catcher[];
}

export type TaskState = StateBase &
  Recovery &
  Transition & {
    readonly Type: 'Task';
    /** The partition is the stage's. */
    readonly Resource: `arn:${string}:states:::lambda:invoke${'' | '.waitForTaskToken'}`;
    readonly Arguments: Template;
    readonly TimeoutSeconds: number | string;
    readonly HeartbeatSeconds?: number | string;
  };

type PassState = StateBase & Transition & { readonly Type: 'Pass' };
type WaitState = StateBase &
  Transition & { readonly Type: 'Wait' } & (
    | { readonly Seconds: number | string }
    | { readonly Timestamp: string }
  );
type ChoiceState = StateBase & {
  readonly Type: 'Choice';
  readonly Choices: readonly {
    readonly Condition: string;
    readonly Next: string;
    readonly Assign?: Readonly<Record<string, Template>>;
    readonly Output?: Template;
  }[];
  readonly Default?: string;
};
type SucceedState = Omit<StateBase, 'Assign'> & { readonly Type: 'Succeed' };
type FailState = {
  readonly Type: 'Fail';
  readonly Comment?: string;
  readonly Error?: string;
  readonly Cause?: string;
};
type ParallelState = StateBase &
  Recovery &
  Transition & {
    readonly Type: 'Parallel';
    readonly Arguments?: Template;
    readonly Branches: readonly StateGraph[];
  };
type MapState = StateBase &
  Recovery &
  Transition & {
    readonly Type: 'Map';
    readonly Items?: string | readonly Json[];
    readonly ItemSelector?: Template;
    readonly MaxConcurrency?: number;
    readonly ItemProcessor: StateGraph & { readonly ProcessorConfig?: { readonly Mode: 'INLINE' } };
  };

export type State =
  | TaskState
  | PassState
  | WaitState
  | ChoiceState
  | SucceedState
  | FailState
  | ParallelState
  | MapState;

interface StateGraph {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** A whole machine; how long it may take is given to its construct. */
export interface StateMachineDefinition extends StateGraph {
  readonly Comment: string;
}
